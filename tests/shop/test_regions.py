import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.shop.regions import is_bare_district, split_region


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
    ("region", "is_bare"), [("滨江区", True), ("浦东新区", True), ("杭州市", False), ("北京朝阳区", False), ("", False)]
)
def test_a_district_alone_is_told_from_a_city(region: str, is_bare: bool) -> None:
    assert is_bare_district(region) == is_bare
