"""The lists that the demo shop is made of: goods, people, places and carriers, as the pack's files give them."""

from decimal import Decimal
from itertools import product as combinations
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiaoer.ids import ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop.errors import DemoListError
from xiaoer.shop.models import Product, Variant


class Entry(BaseModel):
    """The root of all entries: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProductEntry(Entry):
    """A product; `price` in major units, `step` is added for each further size or specification."""

    id: str = Field(pattern=r"^P\d{4}$")
    title: str = Field(min_length=2)
    names: tuple[str, ...] = Field(min_length=1)
    brand: str
    category: str = Field(pattern=r"^[a-z_]+$")
    price: Decimal = Field(gt=0, decimal_places=2)
    step: Decimal = Field(default=Decimal(0), ge=0, decimal_places=2)
    options: dict[str, tuple[str, ...]]
    attributes: dict[str, str]
    description: str = Field(min_length=2)

    def product(self, stocks: "tuple[int, ...]", currency: str) -> Product:
        """Make the product; `stocks` are taken by its variants in turn."""
        chosen = tuple(combinations(*self.options.values()))
        return Product(
            id=ProductId(self.id),
            title=self.title,
            names=self.names,
            brand=self.brand,
            category=self.category,
            attributes=dict(self.attributes),
            description=self.description,
            variants=tuple(
                Variant(
                    sku=SkuId(f"{self.id}-{number:02d}"),
                    options=dict(zip(self.options, values, strict=True)),
                    price=Money(int((self.price + self.step * self._steps(values)) * 100), currency),
                    stock=stocks[number % len(stocks)],
                )
                for number, values in enumerate(chosen, start=1)
            ),
        )

    def _steps(self, values: tuple[str, ...]) -> int:
        chosen = dict(zip(self.options, values, strict=True))
        stepped = next((name for name in ("size", "spec") if name in chosen), None)
        return self.options[stepped].index(chosen[stepped]) if stepped else 0


class ProductList(Entry):
    """`products.yaml`."""

    products: tuple[ProductEntry, ...] = Field(min_length=1)


class Level(Entry):
    """A level of the member programme and the points from which on it is held."""

    code: str
    from_points: int


class PeopleList(Entry):
    """`people.yaml`.

    `name` puts `{given}` and `{family}` together; `phones` are numbers that hold a customer's `{number}` of four
    digits or the last `{two:02}` of it.
    """

    name: str
    phones: tuple[str, ...] = Field(min_length=1)
    family_names: tuple[str, ...]
    given_names: tuple[str, ...]
    first_customer: str
    levels: tuple[Level, ...]
    notes: tuple[str, ...]
    return_reasons: tuple[str, ...]
    cancel_reasons: tuple[str, ...]
    company_titles: tuple[str, ...]


class Place(Entry):
    """A district with its city."""

    region: str
    city: str
    postcode: str


class PlaceList(Entry):
    """`places.yaml`; `address` puts `{door}`, `{street}`, `{estate}`, `{building}` and `{room}` together."""

    address: str
    places: tuple[Place, ...] = Field(min_length=1)
    streets: tuple[str, ...] = Field(min_length=1)
    estates: tuple[str, ...] = Field(min_length=1)


class Carrier(Entry):
    """How a carrier numbers its parcels."""

    code: str
    prefix: str
    digits: int = Field(ge=4, le=12)


class CarrierList(Entry):
    """`carriers.yaml`: the carriers, where parcels start, and the sorting centres."""

    carriers: tuple[Carrier, ...]
    origin: str
    hubs: tuple[str, ...]


class DemoLists(Entry):
    """All lists of a demo shop."""

    products: ProductList
    people: PeopleList
    places: PlaceList
    carriers: CarrierList


_List = TypeVar("_List", bound=Entry)


def read_lists(folder: Path) -> DemoLists:
    """Read the lists of a demo shop from `products.yaml`, `people.yaml`, `places.yaml` and `carriers.yaml`.

    Raises:
        DemoListError: a list is missing or wrong.
    """
    return DemoLists(
        products=_read(folder / "products.yaml", ProductList),
        people=_read(folder / "people.yaml", PeopleList),
        places=_read(folder / "places.yaml", PlaceList),
        carriers=_read(folder / "carriers.yaml", CarrierList),
    )


def _read(path: Path, kind: type[_List]) -> _List:
    try:
        return kind.model_validate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
    except FileNotFoundError:
        raise DemoListError(f"{path} is missing: the demo shop needs it.") from None
    except yaml.YAMLError as error:
        raise DemoListError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise DemoListError(f"{path} [{field}]: {problem['msg']}") from error
