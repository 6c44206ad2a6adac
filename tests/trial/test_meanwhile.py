"""What happens in the shop between two messages of a conversation test."""

from typing import Any

from xiaoer.pack import Given, Meanwhile
from xiaoer.trial import Scene, TrialStage

from .test_rehearsal import ORDER, expect, say, verdict_on

_PAID = {"number": ORDER, "state": "paid", "lines": [{"sku": "P1030-01"}]}
_OFFICE = {"region": "浙江省杭州市滨江区", "street": "松间路66号", "label": "公司"}
_HOME = {"region": "福建省厦门市思明区", "street": "白鹭大道18号", "label": "爸妈家"}


async def after(stage: TrialStage, given: dict[str, Any], **meanwhile: Any) -> Scene:  # noqa: ANN401 - as in a file
    scene = await stage.scene(Given.model_validate(given))
    await stage.happen(scene, Meanwhile.model_validate(meanwhile))
    return scene


async def labels_in(scene: Scene) -> list[str]:
    holder = await scene.records.customer(scene.customer)
    assert holder is not None
    return [address.label for address in holder.addresses]


async def test_an_order_is_as_it_is_by_then(stage: TrialStage) -> None:
    scene = await after(stage, {"orders": [_PAID]}, orders=[_PAID | {"state": "shipped"}])
    order = await scene.order(ORDER)
    assert order is not None
    assert order.state == "shipped"


async def test_an_order_that_is_gone_is_somebody_elses(stage: TrialStage) -> None:
    other = _PAID | {"number": "20260612000002"}
    scene = await after(stage, {"orders": [_PAID, other]}, gone=[ORDER])
    assert [order.id for order in await scene.records.orders_of(scene.customer)] == ["20260612000002"]
    assert await scene.order(ORDER) is not None


async def test_what_became_of_somebody_elses_order_is_seen(stage: TrialStage) -> None:
    gone = {"meanwhile": {"gone": [ORDER]}}
    talk = (gone, say(f"取消订单{ORDER}"), expect(orders={ORDER: "cancelled"}))
    (complaint,) = (await verdict_on(stage, *talk, orders=[_PAID])).complaints
    assert "is paid" in complaint


async def test_only_the_pieces_that_are_named_are_counted_anew(stage: TrialStage) -> None:
    scene = await after(stage, {"stock": {"P1030-01": 5, "P1030-02": 6}}, stock={"P1030-01": 0})
    product = next(p for p in await scene.records.products() if p.id == "P1030")
    assert [variant.stock for variant in product.variants[:2]] == [0, 6]


async def test_addresses_take_the_place_of_the_former_beside_the_default(stage: TrialStage) -> None:
    scene = await after(stage, {"addresses": [_OFFICE]}, addresses=[_HOME])
    assert await labels_in(scene) == ["", "爸妈家"]


async def test_notices_take_the_place_of_the_former(stage: TrialStage) -> None:
    scene = await after(stage, {"notices": ["P1009-01"]}, notices=["P1009-02"])
    assert await scene.notices() == ("P1009-02",)


async def test_what_is_not_named_stays(stage: TrialStage) -> None:
    scene = await after(stage, {"addresses": [_OFFICE], "notices": ["P1009-01"], "orders": [_PAID]}, stock={})
    assert await labels_in(scene) == ["", "公司"]
    assert await scene.notices() == ("P1009-01",)
    assert await scene.order(ORDER) is not None


async def test_who_is_not_on_record_is_unknown_to_the_shop_and_has_orders_all_the_same(stage: TrialStage) -> None:
    shipped = _PAID | {"state": "shipped"}
    scene = await after(stage, {"on_record": False, "orders": [_PAID]}, orders=[shipped])
    order = await scene.order(ORDER)
    assert order is not None
    assert order.state == "shipped"
    assert await scene.records.customer(scene.customer) is None


async def test_something_happens_between_two_messages(stage: TrialStage) -> None:
    shipped = {"meanwhile": {"orders": [_PAID | {"state": "shipped"}]}}
    talk = (say(f"取消订单{ORDER}"), say("拍错了"), shipped, say("确认"), expect(replies=["cancel_too_late"]))
    assert (await verdict_on(stage, *talk, orders=[_PAID])).complaints == ()
