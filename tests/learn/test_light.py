from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xiaoer.learn import TooFewUtterancesError, train_light, training_hash
from xiaoer.pack import FaqEntry, Intent, Pack
from xiaoer.serve import ModelCard

CREATED = datetime(2026, 11, 21, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return CREATED


def with_intents(pack: Pack, **utterances: str) -> Pack:
    intents = {name: Intent(name=name, about="…", utterances=block) for name, block in utterances.items()}
    return replace(pack, intents=intents, faq={})


def test_the_card_says_where_the_model_comes_from(tiny_pack: Pack, tmp_path: Path) -> None:
    card = train_light(tiny_pack, tmp_path, seed=3, clock=StoppedClock())
    assert ModelCard.read(tmp_path) == card
    assert (card.pack, card.data_hash, card.seed, card.created) == (
        "tiny_shop",
        training_hash(tiny_pack),
        3,
        CREATED,
    )
    assert card.scores["utterances"] == 60


def test_the_same_pack_and_seed_give_the_same_model_to_the_byte(tiny_pack: Pack, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        train_light(tiny_pack, folder, clock=StoppedClock())
    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == two


def test_progress_grows_to_the_whole(tiny_pack: Pack, tmp_path: Path) -> None:
    shares: list[float] = []
    train_light(tiny_pack, tmp_path, progress=lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_questions_of_the_knowledge_with_one_intent_are_learnt_from(tiny_pack: Pack, tmp_path: Path) -> None:
    entry = FaqEntry(
        id="track", question="件走哪了", phrasings=("货在哪", "货呢"), answer="在路上", intents=("delivery.track",)
    )
    unsure = entry.model_copy(update={"id": "unsure", "intents": ("greet", "order.cancel")})
    pack = replace(tiny_pack, faq={"track": entry, "unsure": unsure})
    assert train_light(pack, tmp_path).scores["questions"] == 3


def test_an_intent_with_two_utterances_is_refused_by_name(tiny_pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(TooFewUtterancesError, match="bye"):
        train_light(with_intents(tiny_pack, greet="你好\n在吗\n嗨", bye="再见\n拜拜"), tmp_path)


def test_one_intent_alone_is_refused(tiny_pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(TooFewUtterancesError, match="two intents"):
        train_light(with_intents(tiny_pack, greet="你好\n在吗\n嗨"), tmp_path)


def test_two_intents_are_enough(tiny_pack: Pack, tmp_path: Path) -> None:
    pack = with_intents(tiny_pack, greet="你好\n在吗\n嗨你好", bye="再见\n拜拜\n下次再见")
    assert train_light(pack, tmp_path).scores["intents"] == 2
