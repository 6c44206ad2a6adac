from pathlib import Path

import pytest

from xiaoer.learn.data import Sample, Version, write_version
from xiaoer.learn.data.versions import first_version
from xiaoer.learn.pretraining import Corpus, CorpusError, CorpusSettings, read_corpus

PACK = Path(__file__).parents[2] / "understand" / "tiny_shop"


def texts_of(corpus: Corpus) -> list[str]:
    return [line.text for line in corpus.lines]


def a_version(*samples: Sample) -> Version:
    return first_version(samples, "import", {}, {})


def test_plain_text_is_read_a_text_a_line_in_its_normal_form(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("我的快遞呢？\n\nWHERE   is it\n", encoding="utf-8")
    corpus = read_corpus([tmp_path / "said.txt"], [], CorpusSettings())
    assert texts_of(corpus) == ["我的快递呢?", "where is it"]
    assert corpus.sources == {"said.txt": 2}


def test_what_says_the_same_to_the_models_is_kept_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("到哪了\n到哪了！\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("到哪了。\n退货\n", encoding="utf-8")
    corpus = read_corpus([tmp_path / "a.txt", tmp_path / "b.txt"], [], CorpusSettings())
    assert texts_of(corpus) == ["到哪了", "退货"]


def test_texts_of_one_label_of_a_table_say_the_same_only_where_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text,intent\n到哪了,track\n走到哪儿了,track\n", encoding="utf-8")
    with_pairs = read_corpus([tmp_path / "t.csv"], [], CorpusSettings(pairs=("tables",)))
    without = read_corpus([tmp_path / "t.csv"], [], CorpusSettings(pairs=()))
    assert {line.group for line in with_pairs.lines} == {"t.csv:track"}
    assert {line.group for line in without.lines} == {""}
    assert with_pairs.data_hash != without.data_hash


def test_of_data_that_was_split_only_the_part_train_is_read(tmp_path: Path) -> None:
    samples = (Sample(id="1", text="到哪了", split="train"), Sample(id="2", text="退货", split="test"))
    write_version(a_version(*samples), tmp_path / "data")
    assert texts_of(read_corpus([tmp_path / "data"], [], CorpusSettings())) == ["到哪了"]


def test_what_is_held_out_of_a_pack_is_not_trained_on_in_any_wording() -> None:
    corpus = read_corpus([], [PACK], CorpusSettings(held_out=0.5))
    held = {line.text for line in corpus.held_out}
    assert held
    assert held.isdisjoint(texts_of(corpus))
    assert all(line.group for line in corpus.held_out)


def test_nothing_is_held_out_if_the_share_is_none() -> None:
    assert read_corpus([], [PACK], CorpusSettings(held_out=0)).held_out == ()


def test_utterances_of_an_intent_say_the_same_only_where_that_is_wanted() -> None:
    usual = read_corpus([], [PACK], CorpusSettings(held_out=0))
    wanted = read_corpus([], [PACK], CorpusSettings(held_out=0, pairs=("utterances",)))
    assert not any(line.group for line in usual.lines)
    assert any(line.group for line in wanted.lines)


def test_nothing_to_read_is_an_error() -> None:
    with pytest.raises(CorpusError, match="--text"):
        read_corpus([], [], CorpusSettings())
