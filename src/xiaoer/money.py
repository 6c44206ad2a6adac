"""Amounts of money: whole minor units with their currency, never a float."""

from dataclasses import dataclass
from decimal import Decimal

from xiaoer.errors import XiaoerError


class CurrencyMismatchError(XiaoerError):
    """Two amounts of different currencies were to be added or compared."""

    code = "money.currency_mismatch"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `Money(1990, "CNY")` is 19.90 yuan. Minor units are hundredths in every currency used here."""

    minor: int
    currency: str = "CNY"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be mixed.")
        return other

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor) / 100

    def __str__(self) -> str:
        return f"{self.decimal:.2f} {self.currency}"
