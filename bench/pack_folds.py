"""The utterances of the demo's pack in five folds, and models of all but one of them: what several benches share.

Near duplicates, by which a template's family is known, are in one fold, and questions of the knowledge are parted
along with the utterances: nothing that a model is judged by has a near copy in what it learnt.
"""

import shlex
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from xiaoer.learn import LightOfPack, Origin, data, table_of_pack, told_of, train_full_of_samples
from xiaoer.learn.data import Sample, Table
from xiaoer.pack import Pack
from xiaoer.serve import CARD_FILE
from xiaoer.understand import FullModel, Joining, joined_probabilities
from xiaoer.understand.intents import Floats

PACK = Path(__file__).parents[1] / "packs" / "shop_zh"
FOLDS = 5
_LEAST = 1e-9


def folds(pack: Pack) -> Table:
    """Give utterances and questions with the fold of each as their part, `fold1` to `fold5`, stratified by intent."""
    return data.split(table_of_pack(pack), data.SplitSetting(folds=FOLDS))[0]


def without(table: Table, fold: int) -> Table:
    """Give the samples of all folds but one, which are counted from 1."""
    kept = (sample for sample in table if sample.split != f"fold{fold}")
    return tuple(msgspec.structs.replace(sample, split="") for sample in kept)


def utterances(pack: Pack, table: Table, fold: int) -> Table:
    """Give the samples of a fold that are utterances of the pack, and no questions of its knowledge."""
    own = {said.text for intent in pack.intents.values() for said in intent.examples()}
    return tuple(sample for sample in table if sample.split == f"fold{fold}" and sample.text in own)


def taught(pack: Pack, samples: Collection[Sample]) -> Pack:
    """Give the pack with the utterances and further phrasings of questions of these samples alone."""
    kept = {(sample.text, sample.intent) for sample in samples}
    texts = {text for text, _ in kept}
    intents = {}
    for name, intent in pack.intents.items():
        lines = [line for line in intent.utterances.splitlines() if line.strip()]
        own = [line for line, said in zip(lines, intent.examples(), strict=True) if (said.text, name) in kept]
        intents[name] = intent.model_copy(update={"utterances": "\n".join(own)})
    faq = {
        id: entry.model_copy(update={"phrasings": tuple(one for one in entry.phrasings if one in texts)})
        for id, entry in pack.faq.items()
    }
    return replace(pack, intents=intents, faq=faq)


def full_without(pack: Pack, table: Table, fold: int, folder: Path, *, licence: str = "") -> FullModel:
    """Give the full model of all folds but one, trained if there is none in the folder; its card tells how."""
    place = folder / f"full{fold}"
    if not (place / CARD_FILE).is_file():
        samples = without(table, fold)
        data = f"packs/{PACK.name}, version {pack.version}, without fold {fold} of {FOLDS} of bench.pack_folds"
        origin = Origin(data, licence, _command())
        card = train_full_of_samples(taught(pack, samples), samples, place, progress=_tell)
        told_of(card, origin, place)
    return FullModel.load(place)


class Both:
    """A full model and a light one, joined as they serve a pack."""

    def __init__(self, light: LightOfPack, full: FullModel) -> None:
        self._light, self._full = light, full
        self._joining = full.spec.joining or Joining()
        self.names, self.threshold = light.names, self._joining.threshold

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the probability of each intent: texts × intents."""
        columns = [self._full.names.index(name) for name in self.names]
        said = self._full.probabilities([self._light.meant(text) for text in texts])[:, columns]
        return joined_probabilities(np.log(np.maximum(said, _LEAST)), self._light.probabilities(texts), self._joining)


def _command() -> str:
    """Give the command that runs, as it was typed."""
    module = sys.modules["__main__"].__spec__
    return shlex.join(["python", "-m", module.name if module else sys.argv[0], *sys.argv[1:]])


def _tell(what: str, share: float) -> None:
    print(f"{share:4.0%}  {what}", flush=True)
