"""What counts as the same where people write one thing in several ways: addresses of e-mail, names, postcodes."""

import unicodedata


def email_key(email: str) -> str:
    """Give the form in which two spellings of an address of e-mail are equal: half width, small letters."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def name_key(name: str) -> str:
    """Give the form in which two spellings of a name or a postcode are equal: small letters and digits alone."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def digits_of(text: str) -> str:
    """Give the digits of a number, whatever stands between them."""
    return "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", text)))
