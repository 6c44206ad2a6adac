"""The region at the beginning of a Chinese address: province, city and district."""

import re

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


def split_region(address: str) -> tuple[str, str]:
    """Split an address into its region (empty if it begins with none) and the rest."""
    match = _REGION.match(address)
    if match is None:
        return "", address.strip()
    return "".join(match["region"].split()), match["street"].strip()


def is_bare_district(region: str) -> bool:
    """Say whether a region is a district alone (西湖区), by which nobody knows the city."""
    return 0 < len(region) <= _LONGEST_DISTRICT and not any(mark in region for mark in "省市州盟")
