"""The contract that a merchant's system implements, as an OpenAPI document: words from a file, bodies from the code."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import yaml

from xiaoer.events import EmailClaim, NameClaim, OrderClaim
from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Order, Product
from xiaoer.shop.remote.shapes import (
    ChangeMade,
    CustomerChange,
    FailureAnswer,
    Identified,
    KeptCustomer,
    KeptOrder,
    OrderChange,
    OrderList,
    ProductPage,
)

Json: TypeAlias = dict[str, Any]  # OpenAPI documents nest without end

_WORDS = Path(__file__).with_name("contract.yaml")
_BODIES = (
    ProductPage,
    Product,
    KeptCustomer,
    EmailClaim,
    NameClaim,
    OrderClaim,
    Identified,
    OrderList,
    KeptOrder,
    OrderChange,
    CustomerChange,
    ChangeMade,
    FailureAnswer,
)
_PUBLISHED_NAMES: Mapping[str, str] = {KeptOrder.__name__: Order.__name__, KeptCustomer.__name__: Customer.__name__}
_REF = "#/components/schemas/"


def shop_contract() -> Json:
    """Give the contract as an OpenAPI 3.1 document."""
    words = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    document: Json = words["document"]
    document["components"]["schemas"] = dict(_schemas(words["fields"]))
    return document


def shop_contract_yaml() -> str:
    """Give the contract as YAML."""
    return yaml.safe_dump(shop_contract(), sort_keys=False, allow_unicode=True, width=110)


def _schemas(words: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Json]]:
    _, components = msgspec.json.schema_components(_BODIES, ref_template=_REF + "{name}")
    schemas: Json = msgspec.json.decode(msgspec.json.encode(components))
    moments = {kind.__name__: _moments(kind) for kind in _structs()}
    for name, schema in sorted(schemas.items(), key=lambda item: _published(item[0])):
        published = _published(name)
        schema["title"] = published
        schema["description"] = " ".join(schema["description"].split())
        for field, kind in schema["properties"].items():
            told: Json = {**_renamed(kind), "description": words[published][field]}
            schema["properties"][field] = told
            if field in moments.get(name, ()):
                _mark_moment(told)
        yield published, schema


def _published(name: str) -> str:
    return _PUBLISHED_NAMES.get(name, name)


def _renamed(schema: Json) -> Json:
    """Let references lead to the published names."""
    renamed: Json = {}
    for key, value in schema.items():
        if key == "$ref":
            renamed[key] = _REF + _published(value.removeprefix(_REF))
        else:
            renamed[key] = _renamed(value) if isinstance(value, dict) else value
    return renamed


def _structs() -> Iterator[type[msgspec.Struct]]:
    """Give all records that the bodies are made of."""
    waiting: list[msgspec.inspect.Type] = list(msgspec.inspect.multi_type_info(_BODIES))
    seen: set[type] = set()
    while waiting:
        match waiting.pop():
            case msgspec.inspect.StructType(cls=kind, fields=fields) if kind not in seen:
                seen.add(kind)
                waiting += [field.type for field in fields]
                yield kind
            case msgspec.inspect.UnionType(types=types):
                waiting += types
            case msgspec.inspect.VarTupleType(item_type=item):
                waiting.append(item)
            case _:
                pass


def _moments(kind: type[msgspec.Struct]) -> frozenset[str]:
    hints = msgspec.structs.fields(kind)
    return frozenset(field.encode_name for field in hints if field.type in (datetime, datetime | None))


def _mark_moment(schema: Json) -> None:
    """Say that a text is a moment; msgspec says so only where a time zone is demanded."""
    for kind in (schema, *schema.get("anyOf", ())):
        if kind.get("type") == "string":
            kind["format"] = "date-time"
