"""The lists that the demo shop is made of: goods, people, places and carriers, as the pack's files give them."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product as combinations
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiaoer.ids import ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop.customers import Coupon, PaymentMethod
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


class MethodEntry(Entry):
    """A payment method of demo customers; `balance` in major units, where it has one.

    `{tail}` in the label is the end of a number, another one for each customer.
    """

    kind: str
    label: str
    balance: Decimal | None = Field(default=None, ge=0, decimal_places=2)

    def method(self, customer: int, number: int, currency: str) -> PaymentMethod:
        """Make the method of a customer by their numbers; the first one is used unless another is named."""
        tail = f"{(customer * 37 + number * 1009) % 9000 + 1000}"
        balance = None if self.balance is None else Money(int(self.balance * 100), currency)
        label = self.label.format(tail=tail)
        return PaymentMethod(id=f"M{number}", kind=self.kind, label=label, balance=balance, is_default=number == 1)


class CouponEntry(Entry):
    """A coupon of demo customers; amounts in major units, days counted from now."""

    title: str
    amount: Decimal | None = Field(default=None, gt=0, decimal_places=2)
    percent: int = Field(default=0, ge=0, le=100)
    minimum: Decimal | None = Field(default=None, gt=0, decimal_places=2)
    from_days: int
    until_days: int

    def coupon(self, number: int, currency: str, now: datetime) -> Coupon:
        """Make the coupon of a number."""
        return Coupon(
            id=f"K{number}",
            title=self.title,
            amount=None if self.amount is None else Money(int(self.amount * 100), currency),
            percent=self.percent,
            minimum=None if self.minimum is None else Money(int(self.minimum * 100), currency),
            valid_from=now + timedelta(days=self.from_days),
            valid_until=now + timedelta(days=self.until_days),
        )


class PeopleList(Entry):
    """`people.yaml`.

    `name` puts `{given}` and `{family}` together; `phones` are numbers that hold a customer's `{number}` of four
    digits or the last `{two:02}` of it. The first customer has all `payment_methods` and `coupons`, the others have
    some of them.
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
    payment_methods: tuple[MethodEntry, ...] = ()
    coupons: tuple[CouponEntry, ...] = ()


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
