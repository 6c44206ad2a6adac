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
