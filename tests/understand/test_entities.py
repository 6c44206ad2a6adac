"""Values that a finder took more into than belongs to them."""

from dataclasses import replace

import pytest

from xiaoer.pack import EntityKind, Pack
from xiaoer.understand import Analyser, EntityFinder, LightModel

_KINDS = (
    EntityKind(name="address", patterns=("江苏.*[0-9]{3}.*", "[^, ]*,? ?江苏[^, ]*"), apart_from=("person",)),
    EntityKind(name="person", patterns=("(?<![\u4e00-\u9fa5])(?P<value>[冯周][\u4e00-\u9fa5]{2})(?![\u4e00-\u9fa5])",)),
)


@pytest.fixture(scope="module")
def finder(tiny_pack: Pack, tiny_model: LightModel) -> tuple[Analyser, EntityFinder]:
    pack = replace(tiny_pack, entities={kind.name: kind for kind in _KINDS}, lexicons={})
    return Analyser(pack), EntityFinder(pack, tiny_model.tagger, {})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("江苏省苏州市听荷街19号501,冯知远", [("address", "江苏省苏州市听荷街19号501"), ("person", "冯知远")]),
        ("江苏省苏州市听荷街19号501 , 冯知远 收", [("address", "江苏省苏州市听荷街19号501"), ("person", "冯知远")]),
        ("冯知远, 江苏省苏州市听荷街", [("person", "冯知远"), ("address", "江苏省苏州市听荷街")]),
        ("江苏省苏州市听荷街19号501", [("address", "江苏省苏州市听荷街19号501")]),
        ("江苏省冯知远路501", [("address", "江苏省冯知远路501")]),
    ],
)
def test_what_is_apart_from_a_value_is_cut_off_where_a_mark_parts_it(
    finder: tuple[Analyser, EntityFinder], text: str, found: list[tuple[str, str]]
) -> None:
    analyser, entities = finder
    spans = entities.find(analyser.analyse(text))
    assert [(span.kind, text[span.start : span.end]) for span in spans] == found


_SOLD = (
    EntityKind(name="quantity", patterns=("[0-9]+包",), certain_patterns=("数量.{0,6}?(?P<value>[0-9]+包)",)),
    EntityKind(name="size", catalogue="size"),
    EntityKind(name="product", catalogue="product"),
)
_CATALOGUE = {
    "size": {"5包": "5包", "10包": "10包"},
    "product": {"湿巾": "P1", "抽纸": "P2"},
    "option": {"5包": "P1", "10包": "P1\nP3"},
}


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("湿巾改成5包", ("size",)),
        ("抽纸改成5包", ()),
        ("湿巾改成3包", ()),
        ("改成5包", ()),
        ("湿巾数量改成5包", ()),
    ],
)
def test_a_number_of_packs_may_be_a_size_of_the_thing_that_is_named(
    tiny_pack: Pack, tiny_model: LightModel, text: str, also: tuple[str, ...]
) -> None:
    pack = replace(tiny_pack, entities={kind.name: kind for kind in _SOLD}, lexicons={})
    finder = EntityFinder(pack, tiny_model.tagger, _CATALOGUE)
    spans = finder.find(Analyser(pack).analyse(text))
    assert [finder.also(span, spans, text) for span in spans if span.kind == "quantity"] == [also]
