from dataclasses import replace

from xiaoer.learn.examples import examples_of_pack
from xiaoer.pack import Intent, Pack
from xiaoer.understand import Analyser


def test_marks_move_along_with_the_normal_form(tiny_pack: Pack) -> None:
    intent = Intent(name="greet", about="…", utterances="㎏！！！！要[紅　色](colour)的[ＭＡＸ](product)")
    pack = replace(tiny_pack, intents={"greet": intent})
    (example,) = examples_of_pack(pack, Analyser(pack))
    text = example.analysis.text
    assert [(kind, text[start:end]) for kind, start, end in example.marks] == [("colour", "红 色"), ("product", "max")]


def test_a_mark_of_which_nothing_is_left_is_left_out(tiny_pack: Pack) -> None:
    intent = Intent(name="greet", about="…", utterances="你好[\u200b](colour)")
    pack = replace(tiny_pack, intents={"greet": intent})
    assert examples_of_pack(pack, Analyser(pack))[0].marks == ()
