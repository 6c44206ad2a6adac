"""`reference/http.md`: the HTTP interface, from the application's OpenAPI document."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from generators.markdown import code, head, table
from xiaoer.api import ConversationParts, DemoParts, native_api

_T = TypeVar("_T")
Json: TypeAlias = Mapping[str, Any]  # OpenAPI documents nest without end

_ABOUT = """
The native interface, under `/api/v1`; a running Xiaoer gives it as an OpenAPI document at `/api/v1/openapi.json`.
Bodies are JSON in UTF-8; one that is not as described is answered with 400. An error is answered as
`{"error": {"code": …, "message": …}}`; [Errors](errors.md) lists the codes. With status 429 or 503 the header
`Retry-After` says in how many seconds to try again.

Beside it there are, with their shapes in [Connect by REST](../do/connect-by-rest.md):

| Path | What it is |
| --- | --- |
| `POST /webhooks/rest/webhook` | one message and its answer, in Rasa's shape |
| `POST /model/parse` | what a text says, in Rasa's shape |
| `/api/v1/conversations/{conversation}/socket` | a conversation live, as a WebSocket |
| `GET /healthz`, `GET /readyz` | whether the process lives, whether it can serve |
| `GET /widget.js`, `GET /web/…` | the widget's files |
"""
_PREFIX = "/api/v1"
_FRAMEWORK_STATUS = "422"  # FastAPI lists it for every body; Xiaoer answers 400 in its own shape
_FRAMEWORK_SHAPES = ("HTTPValidationError", "ValidationError")
_METHODS = ("get", "post", "put", "patch", "delete")


def page() -> str:
    """Make the page."""
    return _written(native_api(_unused(ConversationParts), _unused(DemoParts)).openapi())


def _unused(kind: type[_T]) -> _T:
    """Give parts that hold nothing: the document is made from the routes' signatures, and nothing is called."""
    return kind(**{name: None for name in inspect.signature(kind).parameters})


def _written(document: Json) -> str:
    routes = "".join(
        _route(path, method, operations[method])
        for path, operations in sorted(document["paths"].items())
        for method in _METHODS
        if method in operations
    )
    schemas = document.get("components", {}).get("schemas", {})
    shapes = "".join(_shape(name, schema) for name, schema in sorted(schemas.items()) if name not in _FRAMEWORK_SHAPES)
    return head("HTTP", _ABOUT.strip()) + routes + (f"\n## Bodies\n{shapes}" if shapes else "")


def _route(path: str, method: str, operation: Json) -> str:
    about = operation.get("description") or operation.get("summary", "")
    parts = [f"\n## {method.upper()} `{_PREFIX}{path}`\n\n{about}\n"]
    parameters = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    if parameters:
        parts.append("\n" + table(("Parameter", "In", "Type", "What it is"), parameters))
    answers = [*_bodies("request", operation.get("requestBody", {}))]
    for status, response in sorted(operation.get("responses", {}).items()):
        if status == _FRAMEWORK_STATUS:
            continue
        answers.extend(_bodies(status, response) or [(status, "no body", response.get("description", ""))])
    return "".join((*parts, "\n", table(("", "Body", "What it is"), answers)))


def _parameter(parameter: Json) -> Sequence[str]:
    needed = "" if parameter.get("required") else ", may be left out"
    kind = _type(parameter.get("schema", {})) + needed
    return f"`{parameter['name']}`", parameter["in"], kind, parameter.get("description", "")


def _bodies(label: str, holder: Json) -> list[Sequence[str]]:
    shown = [_type(media["schema"]) for media in holder.get("content", {}).values() if media.get("schema")]
    return [(label, kind, holder.get("description", "")) for kind in shown]


def _shape(name: str, schema: Json) -> str:
    needed = schema.get("required", ())
    rows = [
        (f"`{field}`", _type(kind), "required" if field in needed else _default(kind), kind.get("description", ""))
        for field, kind in schema.get("properties", {}).items()
    ]
    fields = table(("Field", "Type", "Default", "What it is"), rows) if rows else ""
    return f"\n### {name}\n\n{schema.get('description', '')}\n\n{fields}"


def _default(schema: Json) -> str:
    return code(schema["default"]) if schema.get("default") not in (None, "", []) else "none"


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for joint in ("anyOf", "oneOf"):
        if joint in schema:
            return " or ".join(_type(part) for part in schema[joint] if part.get("type") != "null")
    if "enum" in schema:
        return " or ".join(code(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return ", ".join((_NAMES.get(schema.get("type", ""), "any value"), *_limits(schema)))


_NAMES: Mapping[str, str] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
}


def _limits(schema: Json) -> Iterator[str]:
    words = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "pattern": "`{}`",
    }
    yield from (said.format(schema[limit]) for limit, said in words.items() if limit in schema)
