"""By what the shop's records tell who somebody is."""

import hmac
from collections.abc import Iterator

from xiaoer.shop.customers import Customer
from xiaoer.text import digits_of, email_key, name_key

_TAIL = 4


def keys_of(customer: Customer) -> Iterator[str]:
    """Give the keys that a customer is found by: the e-mail address, the name with the postcode of each address."""
    if key := key_of_email(customer.email):
        yield key
    for address in customer.addresses:
        if key := key_of_name(customer.name, address.postcode):
            yield key


def key_of_email(email: str) -> str:
    """Give the key of an address of e-mail; empty where there is none."""
    plain = email_key(email)
    return f"email:{plain}" if plain else ""


def key_of_name(name: str, postcode: str) -> str:
    """Give the key of a name at a postcode; empty where one of them is missing."""
    plain, place = name_key(name), name_key(postcode)
    return f"name:{plain}:{place}" if plain and place else ""


def ends_in(phone: str, tail: str) -> bool:
    """Say whether a telephone number ends in four digits; one that is shorter ends in nothing."""
    digits, wanted = digits_of(phone), digits_of(tail)
    is_whole = len(digits) > _TAIL and len(wanted) == _TAIL
    return hmac.compare_digest(digits[-_TAIL:].encode(), wanted.encode()) and is_whole
