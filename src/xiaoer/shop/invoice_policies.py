"""The policies of invoices: which there are, how soon they come, and how they are changed and sent again."""

import re
from typing import Annotated

from msgspec import Meta

from xiaoer.shop.clauses import Policy


class InvoicePolicy(Policy, frozen=True, kw_only=True):
    """Electronic invoices: kinds, days after completion in which one may ask, hours to issue (`invoice.electronic`)."""

    kinds: tuple[str, ...]
    within_days: int
    hours: int


class SpecialInvoice(Policy, frozen=True, kw_only=True):
    """Invoices for which a tax number is needed (`invoice.special`); `tax_no_pattern` fits a number wholly."""

    kinds: tuple[str, ...]
    tax_no_kinds: tuple[str, ...]
    tax_no_pattern: Annotated[str, Meta(min_length=1)]
    working_days: int

    def __post_init__(self) -> None:
        """Check the pattern.

        Raises:
            ValueError: it is no regular expression.
        """
        try:
            re.compile(self.tax_no_pattern)
        except re.error as error:
            raise ValueError(
                f"`tax_no_pattern` is not a regular expression ({error}): {self.tax_no_pattern}"
            ) from error


class InvoiceChange(Policy, frozen=True, kw_only=True):
    """Until how many days after it was issued an invoice is issued anew, and how often at most (`invoice.change`).

    `company_kinds` are made out to a company, which has a tax number; a title with one of the words `company_titles` is
    a company's.
    """

    within_days: int
    most: int
    company_kinds: tuple[str, ...]
    company_titles: tuple[str, ...]


class InvoiceResend(Policy, frozen=True, kw_only=True):
    """How often an invoice is sent again on one day (`invoice.resend`)."""

    a_day: int
