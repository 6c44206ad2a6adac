"""Where an address lies: the region at the beginning of a Chinese one, at the end of an English one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

_REGION = re.compile(
    r"""^\s*
    (?P<region>
        (?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区))?\s*
        (?:[\u4e00-\u9fff]{2,8}?(?:自治州|地区|(?<!超)市|盟))?\s*
        (?:[\u4e00-\u9fff]{1,8}?(?:(?<![小社园])区|县|旗|(?<!超)市))?
    )\s*(?P<street>.*)$""",
    re.VERBOSE | re.DOTALL,
)
_LONGEST_DISTRICT = 4
_HAN = re.compile(r"[\u3400-\u9fff]")
_COUNTRY = re.compile(
    r"[,\s]+(?:u\.?s\.?a?|united states(?: of america)?|(?:mainland |p\.?\s?r\.?\s?)?china)\.?\s*$", re.IGNORECASE
)
_POSTCODE = re.compile(r"[,\s]+(?P<postcode>[0-9]{5}(?:-[0-9]{4})?)$")
_ANY_POSTCODE = re.compile(r"[,\s]+(?P<postcode>[0-9]{5,6})$")
_WORD = re.compile(r"[A-Za-z]{2,}")
_STATE = re.compile(r"[A-Za-z]{2}")
_LETTERS = re.compile(r"[^\W\d_][^\d_]*")
_ROAD_END = re.compile(
    r"""^(?P<street>.*\d.*\b(?:
        st|street|ave?|avenue|rd|road|dr|drive|ln|lane|ct|court|blvd|boulevard|way|pl|place|pkwy|parkway|terrace
        |cir|circle|hwy|highway|loop|trail|(?:(?:apt|apartment|unit|suite|ste|floor)\.?|\#)\s*[\w-]+
    )\.?)\s+(?P<city>[^\d]+)$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_INSIDE = re.compile(r"(?:room|rm|flat|apt|apartment|unit|suite|ste|floor|building|bldg|block|tower)\b", re.IGNORECASE)
"""What part of an address inside of a house begins with."""
_PART_END = re.compile(r"[,\n]|(?<![0-9])[0-9]{5}(?:-[0-9]{4})?(?![0-9])")


@dataclass(frozen=True, slots=True)
class Place:
    """The parts of an address; what it does not say is empty."""

    region: str
    street: str
    postcode: str = ""


def is_bare_district(region: str) -> bool:
    """Say whether a region is a district or state alone (西湖区, CO), by which nobody knows the city."""
    if region.isascii():
        return _STATE.fullmatch(region) is not None
    return 0 < len(region) <= _LONGEST_DISTRICT and not any(mark in region for mark in "省市州盟")


def split_region(address: str) -> tuple[str, str]:
    """Split a Chinese address into its region (empty if it begins with none) and the rest."""
    match = _REGION.match(address)
    if match is None:
        return "", address.strip()
    return "".join(match["region"].split()), match["street"].strip()


def parted(address: str) -> Place:
    """Part an address into its region, street and postcode: a Chinese one from its beginning, others from their end."""
    if _HAN.search(address):
        return Place(*split_region(address))
    text = _COUNTRY.sub("", address.strip()).rstrip(" .,")
    match = _POSTCODE.search(text)
    postcode = match["postcode"] if match else ""
    parts = [part.strip() for part in (text[: match.start()] if match else text).split(",")]
    city, state, street = _city_and_state([part for part in parts if part])
    if not state or not (postcode or _STATE.fullmatch(state)):
        return Place("", address.strip())
    return Place(
        ", ".join(part for part in (city, state.upper() if len(state) == 2 else state) if part), street, postcode
    )


def by_commas(address: str) -> Place:
    """Part an address in Latin letters of any country: its last parts without a number say where the street lies."""
    text = _COUNTRY.sub("", address.strip()).rstrip(" .,")
    match = _ANY_POSTCODE.search(text)
    parts = [part.strip() for part in (text[: match.start()] if match else text).split(",")]
    named = list(takewhile(_is_place, reversed(parts[1:])))[::-1]
    if not named:
        return Place("", address.strip())
    street = ", ".join(part for part in parts[: len(parts) - len(named)] if part)
    return Place(", ".join(named), street, match["postcode"] if match else "")


def _is_place(part: str) -> bool:
    return _LETTERS.fullmatch(part) is not None and _INSIDE.match(part) is None


def are_of_two_scripts(address: str, region: str) -> bool:
    """Say whether a region is in Chinese characters and a street in Latin letters; a room or a block is no street."""
    words = [word for word in _WORD.findall(address) if not _INSIDE.match(word)]
    return len(words) > 1 and _HAN.search(address) is None and _HAN.search(region) is not None


def _city_and_state(parts: list[str]) -> tuple[str, str, str]:
    """Read the city and the state off the end of an address cut at its commas; all of it is street if there is none."""
    if not parts or not _LETTERS.fullmatch(parts[-1]):
        return _parted_by_road(parts)
    *before, last = parts
    *city, state = last.rsplit(maxsplit=1)
    if city and _STATE.fullmatch(state) and (before or not _ROAD_END.match(city[0])):
        return city[0], state, ", ".join(before)
    if before and _LETTERS.fullmatch(before[-1]) and not _ROAD_END.match(before[-1]):
        return before[-1], last, ", ".join(before[:-1])
    return _parted_by_road([*before, last])


def _parted_by_road(parts: list[str]) -> tuple[str, str, str]:
    """Read an address whose city follows the kind of road: 418 Tanager Street Denver, CO."""
    words = " ".join(", ".join(parts).replace(",", " , ").split())
    *rest, state = words.rsplit(maxsplit=1) or [""]
    match = _ROAD_END.match(rest[0].rstrip(" ,").replace(" ,", ",")) if rest and _STATE.fullmatch(state) else None
    if match is None:
        return "", "", ", ".join(parts)
    return match["city"].strip(" ,"), state, match["street"].strip(" ,")


def joined_region(said: str, region: str) -> str:
    """Put a region that was said apart to what an address says of it: in Chinese before it, else after it."""
    if not said or not region or _HAN.search(said + region):
        return said + region
    return f"{region}, {said}"


def written_address(street: str, region: str) -> str:
    """Write an address in one line as its language has it."""
    return region + street if _HAN.search(region + street) else ", ".join(part for part in (street, region) if part)


def region_among(names: Iterable[str], address: str) -> str:
    """Give the first of some regions in which an address lies, empty if it lies in none.

    Names of Latin letters are compared whole, in any case, with the parts between commas: New Mexico is not in Mexico.
    An address without commas ends with the name.
    """
    parts = [" ".join(part.split()).casefold() for part in _PART_END.split(address)]
    return next((name for name in names if _lies_in(name, address, parts)), "")


def _lies_in(name: str, address: str, parts: list[str]) -> bool:
    if not name.isascii():
        return name in address
    wanted, whole = name.casefold(), [part for part in parts if part]
    return wanted in whole or (
        len(whole) == 1 and re.search(rf"(?<!new)(?<!west) {re.escape(wanted)}$", whole[0]) is not None
    )
