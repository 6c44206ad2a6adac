"""Masking: personal data leaves its shape behind and nothing else, `138****5678`."""

import re
from collections.abc import Callable

_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_PHONE = re.compile(rf"{_BEFORE}((?:\+?86[- ]?)?)(1[3-9][0-9])([- ]?)([0-9]{{4}})([- ]?)([0-9]{{4}}){_AFTER}")
_IDENTITY = re.compile(rf"{_BEFORE}[1-9][0-9]{{16}}[0-9Xx]{_AFTER}")
_CARD = re.compile(rf"{_BEFORE}[3-6][0-9]{{3}}(?:[ -]?[0-9]{{4}}){{2,3}}[ -]?[0-9]{{1,7}}{_AFTER}")
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@((?:[\w-]+\.)+[A-Za-z]{2,})", re.ASCII)
_HAN = re.compile(r"[\u3400-\u9fff]")
_US_PHONE = re.compile(
    rf"{_BEFORE}((?:\+?1[-. ]?)?)(\(?(?!8(?:00|33|44|55|66|77|88))[2-9][0-9]{{2}}\)?)([-. ]{{0,2}})"
    rf"[2-9][0-9]{{2}}([-. ]?)([0-9]{{4}}){_AFTER}"
)
"""Numbers of North America, but those that cost the caller nothing and so are nobody's own."""
_US_SOCIAL = re.compile(rf"{_BEFORE}(?!000|666|9)[0-9]{{3}}([- ])(?!00)[0-9]{{2}}\1(?!0000)([0-9]{{4}}){_AFTER}")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ISSUED = re.compile(r"62[0-9]{14,17}|4[0-9]{15}|5[1-5][0-9]{14}|35[0-9]{14}|3[47][0-9]{13}")


def mask(text: str) -> str:
    """Mask phone numbers, identity cards, bank cards, e-mail addresses; in texts without Han US phones and SSNs too.

    Identity and bank cards are told from order numbers by their check digits (GB 11643, ISO/IEC 7812); a number is
    only looked at whole, never a piece of a longer one. What is masked already stays as it is.
    """
    text = _EMAIL.sub(r"\1***@\2", text)
    text = _checked(_IDENTITY, is_identity_number, text)
    text = _checked(_CARD, is_card_number, text)
    text = _PHONE.sub(r"\1\2\3****\5\6", text)
    if _HAN.search(text):
        return text
    return _US_PHONE.sub(r"\1\2\3***\4\5", _US_SOCIAL.sub(r"***\1**\1\2", text))


def is_identity_number(number: str) -> bool:
    """Say whether 18 characters are a resident identity number: a date of birth and a right check character."""
    month, day = int(number[10:12]), int(number[12:14])
    if not (number[6:8] in {"18", "19", "20"} and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _IDENTITY_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def is_card_number(number: str) -> bool:
    """Say whether digits (blanks and hyphens apart) are a payment card's number: length, issuer and Luhn's check."""
    plain = re.sub(r"[ -]", "", number)
    digits = [int(digit) for digit in plain]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return bool(_ISSUED.fullmatch(plain)) and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _checked(pattern: re.Pattern[str], is_real: Callable[[str], bool], text: str) -> str:
    def cover(match: re.Match[str]) -> str:
        found = match[0]
        if not is_real(found):
            return found
        return found[:4] + re.sub(r"[0-9]", "*", found[4:-4]) + found[-4:]

    return pattern.sub(cover, text)
