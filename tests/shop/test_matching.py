from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from xiaoer.ids import SkuId
from xiaoer.money import Money
from xiaoer.pack import Pack, Phrases
from xiaoer.shop import Order, Variant
from xiaoer.shop.goods import Goods, folded, product_score, stands_in
from xiaoer.shop.matching import Mention, match_lines, match_orders, match_products, match_variants

from .factories import a_line, a_product, an_order
from .shops import Counter

_ZONE = ZoneInfo("Asia/Shanghai")
_BEDDING = a_product()
_COOKER = a_product("P2", "暖电匠 球釜电饭煲", names=("电饭煲", "电饭锅"), colours=("奶白", "钛灰"))
_QUILT = a_product("P3", "穗棉坞 大豆被", names=("被子",), colours=("纯白",))
_WARM_QUILT = a_product("P4", "穗棉坞 鹅绒被", names=("被子",), colours=("纯白",))
_GOODS = Goods.of([_BEDDING, _COOKER, _QUILT, _WARM_QUILT])
_COOKER_ORDER = an_order("paid", id="20260000001111", placed=timedelta(hours=2), lines=(a_line(_COOKER),))
_BEDDING_ORDER = an_order("shipped", id="20260000002222", placed=timedelta(days=3), lines=(a_line(_BEDDING),))
_OLD_ORDER = an_order(
    "completed",
    id="20260000003333",
    delivered=timedelta(days=20),
    lines=(a_line(_COOKER, number=2), a_line(_QUILT, number=1)),
)
_ORDERS = (_COOKER_ORDER, _BEDDING_ORDER, _OLD_ORDER)


def _match(pack: Pack, arguments: dict[str, str], orders: tuple[Order, ...] = _ORDERS) -> tuple[list[str], bool]:
    match = match_orders(orders, Mention.read(arguments), goods=_GOODS, phrases=pack.phrases, timezone=_ZONE)
    return [order.id[-4:] for order in match.found], match.is_told


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"mention.order_id": "20260000002222"}, ["2222"]),
        ({"mention": "尾号2222那单"}, ["2222"]),
        ({"mention": "单号２２２２"}, ["2222"]),
        ({"mention": "7730000123456到哪了"}, ["2222", "3333"]),
        ({"mention": "四件套怎么还没到"}, ["2222"]),
        ({"mention.product": "P2"}, ["1111", "3333"]),
        ({"mention": "那个电饭锅", "mention.colour": "钛灰色"}, ["3333"]),
        ({"mention.product": "云柔"}, ["2222"]),
        ({"mention.date": "2026-06-12"}, ["2222"]),
        ({"mention.date": "2026-06-08/2026-06-14"}, ["2222"]),
        ({"mention": "上一单"}, ["1111"]),
        ({"mention": "电饭煲，最近那单"}, ["1111"]),
        ({"mention": "在路上的那个"}, ["2222"]),
        ({"mention": "还没发货的"}, ["1111"]),
        ({"mention.product": "P2", "mention.date": "2020-01-01"}, ["1111", "3333"]),
        # Delivered on the 26th of May, bought two days before.
        ({"mention": "那天收到的那个", "mention.date": "2026-05-26"}, ["3333"]),
        ({"mention": "那天买的那个", "mention.date": "2026-05-24"}, ["3333"]),
    ],
)
def test_an_order_is_found_by_what_is_said_of_it(pack: Pack, arguments: dict[str, str], found: list[str]) -> None:
    assert _match(pack, arguments) == (found, True)


@pytest.mark.parametrize(
    "arguments",
    [
        {"mention.order_id": "20269999999999"},
        {"mention": "20269999999999"},
        {"mention": "四件套", "mention.order_id": "8888"},
        {"mention.product": "帐篷"},
    ],
)
def test_what_fits_no_order_is_told_but_not_found(pack: Pack, arguments: dict[str, str]) -> None:
    assert _match(pack, arguments) == ([], True)


@pytest.mark.parametrize("text", ["", "我要退货", "花了199块", "查一下"])
def test_words_that_name_nothing_tell_nothing(pack: Pack, text: str) -> None:
    assert _match(pack, {"mention": text}) == ([], False)


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=12))
def test_any_words_find_only_own_orders(pack: Pack, text: str, product: str, colour: str) -> None:
    found, _ = _match(pack, {"mention": text, "mention.product": product, "mention.colour": colour})
    assert set(found) <= {"1111", "2222", "3333"}


@given(st.sampled_from(_ORDERS), st.integers(4, 14))
def test_the_end_of_a_number_finds_its_order(pack: Pack, order: Order, digits: int) -> None:
    assert _match(pack, {"mention.order_id": order.id[-digits:]}) == ([order.id[-4:]], True)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [({"mention": "被子"}, ["P3"]), ({"mention.colour": "钛灰"}, ["P2"]), ({"mention": "随便"}, [])],
)
def test_a_line_is_found_in_its_order(arguments: dict[str, str], found: list[str]) -> None:
    match = match_lines(_OLD_ORDER.lines, Mention.read(arguments), _GOODS, Phrases())
    assert [line.product for line in match.found] == found


def test_a_size_is_not_found_inside_another() -> None:
    lines = tuple(a_line(a_product(f"P{n}", f"禾下衣 卫衣{n}")) for n in (1, 2))
    sized = [
        type(line)(
            id=line.id,
            sku=line.sku,
            product=line.product,
            title=line.title,
            category=line.category,
            options={"size": size},
            quantity=1,
            unit_price=line.unit_price,
        )
        for line, size in zip(lines, ("XL", "L"), strict=True)
    ]
    match = match_lines(sized, Mention.read({"mention.size": "L码"}), _GOODS, Phrases())
    assert [line.options["size"] for line in match.found] == ["L"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"mention": "有没有电饭锅"}, ["P2"]),
        ({"mention": "被子有哪些"}, ["P3", "P4"]),
        ({"mention.product": "被子", "mention": "鹅绒被"}, ["P4"]),
        ({"mention": "穗棉坞的四件套"}, ["P1"]),
        ({"mention.brand": "暖电匠"}, ["P2"]),
        ({"mention.product": "饭煲"}, ["P2"]),
        ({"mention": "跑步机"}, []),
    ],
)
def test_products_are_found_by_what_customers_call_them(arguments: dict[str, str], found: list[str]) -> None:
    assert [product.id for product in match_products(Mention.read(arguments), _GOODS).found] == found


def test_a_short_name_inside_another_word_is_not_meant() -> None:
    goods = Goods.of([a_product("P5", "野径行 书包", names=("书包", "包"))])
    assert match_products(Mention.read({"mention.product": "面包"}), goods).found == ()


def test_a_name_of_one_letter_is_no_word_for_a_product_and_one_of_one_character_is() -> None:
    goods = Goods.of([a_product("P5", "Tidewell Mug", names=("m", "包"))])
    assert goods.words()["product"].keys() == {"Tidewell Mug", "Mug", "包"}


@pytest.mark.parametrize(
    ("text", "found"),
    [("我的钟想换黑色的", ["P5"]), ("包想退掉", ["P6"]), ("打包了吗", []), ("等了一分钟", []), ("我的被子呢", [])],
)
def test_one_character_names_a_thing_in_an_order_where_it_is_a_word(text: str, found: list[str]) -> None:
    clock, bag = (
        a_product("P5", "栎木间 挂钟", names=("挂钟", "钟")),
        a_product("P6", "野径行 书包", names=("书包", "包")),
    )
    lines = (a_line(clock), a_line(bag, number=2))
    match = match_lines(lines, Mention.read({"mention": text}), Goods.of([clock, bag]), Phrases())
    assert [line.product for line in match.found] == found


def test_the_words_of_options_tell_what_is_sold_so() -> None:
    option = _GOODS.words()["option"]
    assert "P2" in option["钛灰"].splitlines()
    assert "P4" not in option["钛灰"].splitlines()


def test_a_word_of_several_products_names_none_of_them() -> None:
    words = _GOODS.words()
    assert words["product"]["被子"] == "被子"
    assert words["product"]["电饭锅"] == "P2"
    assert words["product"]["鹅绒被"] == "P4"
    assert words["brand"]["暖电匠"] == "暖电匠"
    assert words["colour"]["钛灰"] == "钛灰"
    assert words["sku"]["P2-1"] == "P2-1"
    assert "穗棉坞" not in words["product"]


def test_a_short_name_of_one_product_also_means_an_order_of_another_that_holds_it() -> None:
    jacket = a_product("P5", "禾下衣 轻暖短款羽绒服", names=("羽绒服",))
    childs = a_product("P6", "禾下衣 儿童轻薄羽绒服", names=("儿童羽绒服",))
    mention = Mention.read({"mention": "我那个羽绒服大了", "mention.product": "P5"})

    match = match_lines(
        an_order("delivered", lines=(a_line(childs),)).lines, mention, Goods.of([jacket, childs]), Phrases()
    )

    assert [line.product for line in match.found] == ["P6"]


def test_a_day_on_which_nothing_was_bought_points_at_nothing(pack: Pack) -> None:
    assert _match(pack, {"mention.date": "2026-01-01"}) == ([], False)


# Candidates: what is left out could not have been meant

_WORDS = st.text("锅炒a ’b-s1", min_size=1, max_size=6)


@given(st.lists(st.lists(_WORDS, min_size=1, max_size=3), min_size=1, max_size=5), _WORDS, st.text("锅炒a ’b-s1"))
@example([[" "]], " ", "")
@example([["1", " "]], "1", "")
def test_every_product_that_a_mention_fits_is_a_candidate(names: list[list[str]], surface: str, text: str) -> None:
    goods = Goods.of([a_product(f"B{at}", own[0], names=tuple(own)) for at, own in enumerate(names)])
    surface, text = folded(surface), folded(text)
    said = goods.said_for(surface, text)
    fitting = [
        product.id
        for product in goods.products.values()
        if product_score(product.id, goods.names_of(product.id, product.title), surface=surface, said=said, text=text)
    ]
    assert set(fitting) <= {product.id for product in goods.candidates(surface, said, text)}


def test_only_what_may_be_meant_is_a_candidate_and_in_the_order_of_the_shelf() -> None:
    found = _GOODS.candidates("", "", folded("被子和四件套")), _GOODS.candidates("p2", "", "")
    assert [[product.id for product in products] for products in found] == [["P1", "P3", "P4"], ["P2"]]


# Names with a slip

_FRYER = a_product("P7", "暖电匠 可视空气炸锅", names=("空气炸锅", "炸锅"), colours=("奶白",))
_DRYER = a_product("P8", "暖电匠 高速吹风机", names=("吹风机",), colours=("石墨",))
_WASHED = a_product("P9", "穗棉坞 水洗棉四件套", names=("水洗棉四件套",))
_SHELF = Goods.of([_FRYER, _DRYER, _WASHED])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("空气炸祸多少米", ["P7"]),
        ("空汽炸郭", []),
        ("空气炸", ["P7"]),
        ("空气炸锅锅", ["P7"]),
        ("吹疯机有货吗", ["P8"]),
        ("吹风鸡有货吗", []),
        ("水洗棉那套", ["P9"]),
        ("四件套", ["P9"]),
        ("多少钱", []),
    ],
)
def test_a_product_is_found_under_a_name_with_one_slip_or_by_a_large_part_of_it(text: str, found: list[str]) -> None:
    assert [product.id for product in match_products(Mention.read({"mention": text}), _SHELF).found] == found


@pytest.mark.parametrize(("product", "found"), [("暖风机", []), ("水洗棉", ["P9"]), ("空气炸祸", ["P7"])])
def test_a_known_word_for_something_else_is_no_slip_in_a_short_name(product: str, found: list[str]) -> None:
    mention = Mention.read({"mention": f"{product}多少钱", "mention.product": product})
    match = match_products(mention, _SHELF)
    assert ([thing.id for thing in match.found], match.is_told) == (found, True)


def test_an_exact_name_goes_before_one_with_a_slip() -> None:
    goods = Goods.of(
        [a_product("P1", "甲 电热水壶", names=("电热水壶",)), a_product("P2", "甲 电热水袋", names=("电热水袋",))]
    )
    assert [product.id for product in match_products(Mention.read({"mention": "电热水袋"}), goods).found] == ["P2"]


def test_an_order_is_found_by_a_name_with_a_slip(pack: Pack) -> None:
    fryer = an_order("paid", id="20260000004444", lines=(a_line(_FRYER),))
    match = match_orders(
        (_BEDDING_ORDER, fryer),
        Mention.read({"mention": "空气炸祸"}),
        goods=_SHELF,
        phrases=pack.phrases,
        timezone=_ZONE,
    )
    assert [order.id[-4:] for order in match.found] == ["4444"]


@given(st.text(max_size=30))
def test_any_words_are_compared_without_fault(text: str) -> None:
    match_products(Mention.read({"mention": text}), _SHELF)


# Variants

_KETTLE = structs.replace(
    _FRYER,
    variants=tuple(
        Variant(sku=SkuId(f"K{n}"), options={"colour": colour, "size": size}, price=Money(price), stock=n)
        for n, (colour, size, price) in enumerate(
            (("奶白", "4.5升", 100), ("墨绿", "4.5升", 100), ("奶白", "6升", 150))
        )
    ),
)


@pytest.mark.parametrize(
    ("colour", "size", "found"),
    [
        ("", "6升", ["K2"]),
        ("奶白", "", ["K0", "K2"]),
        ("墨绿色", "4.5升", ["K1"]),
        ("墨绿", "6升", []),
        ("", "5升", []),
    ],
)
def test_variants_are_found_by_colour_and_size(colour: str, size: str, found: list[str]) -> None:
    match = match_variants(_KETTLE, colour=colour, size=size)
    assert ([variant.sku for variant in match.found], match.is_told) == (found, True)


def test_without_colour_and_size_no_variant_is_told() -> None:
    assert not match_variants(_KETTLE, colour="", size="").is_told


async def test_a_product_is_read_with_the_price_of_the_variant_asked_for(counter: Counter) -> None:
    await counter.lay(goods=(_KETTLE,))
    read = await counter.ask("product.read", {"product": "P7", "size": "6升"})
    assert read.facts["asked"] == {
        "said": "6升",
        "is_sold": True,
        "stock": 2,
        "price": {"minor": 150, "currency": "CNY"},
    }
    several = await counter.ask("product.read", {"product": "P7", "colour": "奶白"})
    assert several.facts["asked"]["price_from"]["minor"] == 100
    missing = await counter.ask("product.read", {"product": "P7", "size": "5升"})
    assert missing.facts["asked"] == {"said": "5升", "is_sold": False, "instead": ["奶白", "4.5升", "墨绿", "6升"]}
    assert "asked" not in (await counter.ask("product.read", {"product": "P7"})).facts


async def test_a_colour_or_size_alone_is_asked_of_the_product_spoken_of_before(counter: Counter) -> None:
    await counter.lay(goods=(_KETTLE, _DRYER))
    for colour in ("墨绿", "大红"):
        found = await counter.ask(
            "product.find", {"mention": f"有{colour}的吗", "mention.colour": colour, "context": "P7"}
        )
        assert [choice["value"] for choice in found.facts["choices"]] == ["P7"]
    other = await counter.ask("product.find", {"mention": "石墨的吹风机", "mention.colour": "石墨", "context": "P7"})
    assert [choice["value"] for choice in other.facts["choices"]] == ["P8"]


# Goods with Latin names

_RICE_COOKER = a_product("P1", "Voltfinch Rice Cooker", names=("rice cooker",), colours=("Dark Gray", "Cream"))
_COMFORTER = a_product("P2", "Nightloft Winter Set", names=("comforter", "bed set"), colours=("White",))
_HEADSET = a_product("P3", "Tinwhistle Phone Stand", names=("phone stand",), colours=("Gray",))
_LATIN = Goods.of([_RICE_COOKER, _COMFORTER, _HEADSET])
_PHRASES = Phrases(latest_order=("last order",), order_states={"paid": ("not sent yet",), "shipped": ("sent",)})


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"mention": "do you have a Rice  Cooker"}, ["P1"]),
        ({"mention": "any ricecooker or so"}, ["P1"]),
        ({"mention": "two rice cookers"}, ["P1"]),
        ({"mention": "what's the price cookery"}, []),
        ({"mention": "my phone was set"}, []),
        ({"mention": "the Nightloft one"}, ["P2"]),
        ({"mention.product": "P3"}, ["P3"]),
        ({"mention.product": "stand"}, ["P3"]),
        ({"mention.colour": "gray"}, ["P1", "P3"]),
        ({"mention.colour": "cre"}, []),
    ],
)
def test_latin_names_are_compared_by_whole_words(arguments: dict[str, str], found: list[str]) -> None:
    assert [product.id for product in match_products(Mention.read(arguments), _LATIN).found] == found


@pytest.mark.parametrize(
    ("text", "found"), [("where is my Last Order", ["2222"]), ("the one not sent yet", ["1111"]), ("it is absent", [])]
)
def test_latin_phrases_point_at_orders(text: str, found: list[str]) -> None:
    sent = an_order("shipped", id="20260000002222", placed=timedelta(hours=1), lines=(a_line(_COMFORTER),))
    paid = an_order("paid", id="20260000001111", placed=timedelta(days=3), lines=(a_line(_RICE_COOKER),))
    match = match_orders(
        (sent, paid), Mention.read({"mention": text}), goods=_LATIN, phrases=_PHRASES, timezone=ZoneInfo("UTC")
    )
    assert [order.id[-4:] for order in match.found] == found


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Rice  Cooker", "rice cooker"),
        ("电饭煲 XL 红色", "电饭煲xl红色"),
        ("order 2026 0000 1111", "order 202600001111"),
        ("ＡＢ ｃ", "ab c"),
        ("Chef’s knife", "chef's knife"),
    ],
)
def test_blanks_stay_between_latin_words_only(text: str, form: str) -> None:
    assert folded(text) == form


@pytest.mark.parametrize(("text", "is_there"), [("买苹果 手机壳", True), ("苹果手 机壳", True), ("苹果壳", False)])
def test_blanks_count_for_nothing_in_chinese_names(text: str, *, is_there: bool) -> None:
    assert stands_in("苹果手机壳", folded(text)) == is_there


@pytest.mark.parametrize(("said", "found"), [("500", 1), ("5", 0), ("500ml", 1), ("50", 0)])
def test_a_size_begins_with_what_is_said_of_it(said: str, found: int) -> None:
    line = structs.replace(a_line(_COMFORTER), options={"size": "500ml"})
    assert len(match_lines((line,), Mention.read({"mention.size": said}), _LATIN, Phrases()).found) == found


def test_what_has_no_such_name_may_be_called_by_its_shelf() -> None:
    shirt = structs.replace(a_product("P8", "禾下衣 重磅圆领衫", names=("圆领衫",)), category="clothes")
    goods, line = Goods.of([shirt, _COOKER]), a_line(shirt)
    line = structs.replace(line, category="clothes")
    orders = (an_order("shipped", id="20260000008888", lines=(line,)), _COOKER_ORDER)
    phrases = Phrases(categories={"clothes": ("衣服",), "shoes": ("鞋",)})

    def found(said: str) -> list[str]:
        mention = Mention.read({"mention": f"{said}到哪了", "mention.product": said})
        match = match_orders(orders, mention, goods=goods, phrases=phrases, timezone=_ZONE)
        return [order.id[-4:] for order in match.found]

    assert (found("衣服"), found("鞋子"), found("电饭煲")) == (["8888"], [], ["1111"])
    assert match_lines((line, a_line(_COOKER)), Mention.read({"mention.product": "衣服"}), goods, phrases).found == (
        line,
    )
