from pathlib import Path

import pytest

from xiaoer.learn.examples import Example
from xiaoer.learn.tagging import fit_tagger
from xiaoer.understand import Analysis, Tagger

_PERSONS = ["王小明", "李建国", "张伟", "陈静", "刘洋", "黄丽娟", "周杰", "郑凯", "孙丽", "何明"]
_PLACES = ["杭州", "宁波", "温州", "上海", "成都", "重庆", "南京", "武汉", "长沙", "厦门"]
_FRAMES = ("帮{}查一下", "{}那边的", "是{}的单子")


def analysed(text: str) -> Analysis:
    return Analysis(text, (), (), ())


def marked(frame: str, kind: str, name: str) -> Example:
    start = frame.index("{")
    return Example("", analysed(frame.format(name)), ([], [], [], []), ((kind, start, start + len(name)),))


@pytest.mark.parametrize(("name", "kind"), [("徐涛", "person"), ("哈尔滨", "region")])
def test_names_never_read_are_told_apart_by_the_class_of_the_word(name: str, kind: str, tmp_path: Path) -> None:
    examples = [
        marked(frame, kind, name)
        for kind, names in (("person", _PERSONS), ("region", _PLACES))
        for name in names
        for frame in _FRAMES
    ]
    fit_tagger(examples, ("person", "region"), tmp_path / "tagger")
    found = Tagger(tmp_path / "tagger").find(analysed(f"是{name}的单子"))
    assert [(span.kind, span.start, span.end) for span in found] == [(kind, 1, 1 + len(name))]
