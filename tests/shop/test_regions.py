import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.shop.regions import (
    Place,
    are_of_two_scripts,
    by_commas,
    is_bare_district,
    joined_region,
    parted,
    region_among,
    split_region,
    written_address,
)


@pytest.mark.parametrize(
    ("address", "region", "street"),
    [
        ("浙江省杭州市西湖区青梧路18号", "浙江省杭州市西湖区", "青梧路18号"),
        ("上海市徐汇区拾穗街2号3楼", "上海市徐汇区", "拾穗街2号3楼"),
        ("新疆维吾尔自治区乌鲁木齐市天山区云栈路1号", "新疆维吾尔自治区乌鲁木齐市天山区", "云栈路1号"),
        ("江苏省苏州市昆山市半夏巷9号", "江苏省苏州市昆山市", "半夏巷9号"),
        ("青梧路18号2幢", "", "青梧路18号2幢"),
        ("北京朝阳区知春园3幢", "北京朝阳区", "知春园3幢"),
        ("青芒小区3幢201", "", "青芒小区3幢201"),
        ("拾光超市对面2楼", "", "拾光超市对面2楼"),
        (" 广东省 深圳市 南山区 白鹭大道6号 ", "广东省深圳市南山区", "白鹭大道6号"),
    ],
)
def test_the_region_stands_before_the_street(address: str, region: str, street: str) -> None:
    assert split_region(address) == (region, street)


@given(st.text(max_size=60))
def test_nothing_of_an_address_is_lost(address: str) -> None:
    region, street = split_region(address)
    assert "".join((region + street).split()) == "".join(address.split())


@pytest.mark.parametrize(
    ("region", "is_bare"),
    [("滨江区", True), ("浦东新区", True), ("杭州市", False), ("北京朝阳区", False), ("", False), ("CO", True)],
)
def test_a_district_alone_is_told_from_a_city(region: str, is_bare: bool) -> None:
    assert is_bare_district(region) == is_bare


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("418 Tanager Street Apt 5B, Denver, CO 80205", Place("Denver, CO", "418 Tanager Street Apt 5B", "80205")),
        ("418 tanager st denver co", Place("denver, CO", "418 tanager st")),
        ("12 Main St Salt Lake City, UT 84102-1234, USA", Place("Salt Lake City, UT", "12 Main St", "84102-1234")),
        ("9 Elm Road, Unit 4, St. Louis, MO", Place("St. Louis, MO", "9 Elm Road, Unit 4")),
        ("9 Elm Road, Portland, Oregon 97205", Place("Portland, Oregon", "9 Elm Road", "97205")),
        ("Denver CO", Place("Denver, CO", "")),
        ("9 Elm Rd, Apt 5", Place("", "9 Elm Rd, Apt 5")),
        ("浙江省杭州市西湖区青梧路18号", Place("浙江省杭州市西湖区", "青梧路18号")),
    ],
)
def test_an_english_address_is_parted_from_its_end(address: str, place: Place) -> None:
    assert parted(address) == place


@given(st.text(alphabet="abAB ,.19#-浙江省市区路", max_size=40))
def test_any_address_has_parts(address: str) -> None:
    assert len(parted(address).street) <= len(address) + address.count(",")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("1 Elm Rd, Anchorage, ak 99501", "AK"),
        ("2 Oak St, Santa Fe, New Mexico", ""),
        ("9 King St toronto canada", "Canada"),
        ("1 Canada Way, Salem, OR 97301", ""),
        ("新疆维吾尔自治区乌鲁木齐市", "新疆"),
    ],
)
def test_an_address_lies_in_a_region_that_it_names_whole(address: str, region: str) -> None:
    assert region_among(("AK", "Mexico", "Canada", "新疆"), address) == region


@pytest.mark.parametrize(
    ("said", "region", "joined"),
    [("CO", "Denver", "Denver, CO"), ("浙江省", "杭州市", "浙江省杭州市"), ("", "Denver", "Denver"), ("CO", "", "CO")],
)
def test_a_region_said_apart_goes_where_its_language_has_it(said: str, region: str, joined: str) -> None:
    assert joined_region(said, region) == joined


def test_an_address_is_written_as_its_language_has_it() -> None:
    assert written_address("1 Elm Rd", "Salem, OR") == "1 Elm Rd, Salem, OR"
    assert written_address("青梧路18号", "杭州市") == "杭州市青梧路18号"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("1250 Nanjing West Road, Jing'an, Shanghai", Place("Jing'an, Shanghai", "1250 Nanjing West Road")),
        ("12 King Street, Flat 3, Leeds, United States", Place("Leeds", "12 King Street, Flat 3")),
        ("8 Lake Road, Hangzhou 310000", Place("Hangzhou", "8 Lake Road", "310000")),
        ("8 Lake Road, Hangzhou, Zhejiang 310000, China", Place("Hangzhou, Zhejiang", "8 Lake Road", "310000")),
        ("12 King Street", Place("", "12 King Street")),
        ("12 King Street, Flat 1203", Place("", "12 King Street, Flat 1203")),
        ("12 King Street, Tower B", Place("", "12 King Street, Tower B")),
        ("1 West Road, Jing'an, Shanghai, Room 15", Place("", "1 West Road, Jing'an, Shanghai, Room 15")),
        ("Leeds", Place("", "Leeds")),
        ("", Place("", "")),
    ],
)
def test_the_last_parts_without_a_number_say_where_a_street_lies(address: str, place: Place) -> None:
    assert by_commas(address) == place


def test_a_street_in_latin_letters_and_a_chinese_region_are_of_two_scripts() -> None:
    assert are_of_two_scripts("12 King Street", "浙江省温州市")
    assert not are_of_two_scripts("青梧路18号", "浙江省温州市")
    assert not are_of_two_scripts("12 King Street", "Denver, CO")
    assert not are_of_two_scripts("12 King Street", "")
    assert not any(are_of_two_scripts(unit, "浙江省温州市") for unit in ("3-502", "A1203", "SOHO B1203", "Room 502"))
