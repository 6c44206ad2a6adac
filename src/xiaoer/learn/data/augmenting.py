"""The station `augment`: further samples from those that are there, said or typed otherwise."""

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Literal, TypeAlias, get_args

import msgspec

from xiaoer.learn.data.edits import edited
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Sample, Table, key_of, with_own_ids
from xiaoer.learn.data.typing_errors import homophones, keyboard, pinyin, traditional
from xiaoer.learn.data.wording import Maker, noise, swap, synonyms
from xiaoer.pack import Pack

Method: TypeAlias = Literal["synonyms", "swap", "noise", "keyboard", "pinyin", "homophones", "traditional"]
METHODS: tuple[Method, ...] = get_args(Method)
TRAINED_ON = frozenset({"", "train"})
"""The parts that are multiplied: what a model is tuned or tested on stays as customers wrote it."""


class AugmentSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is made: by `methods`, each of a `share` of the samples; `words` is the share of words that are changed."""

    methods: tuple[Method, ...] = METHODS
    share: float = 0.2
    words: float = 0.1
    seed: int = 0


def augment(
    table: Table, setting: AugmentSetting | None = None, *, pack: Pack | None = None
) -> tuple[Table, Mapping[Method, int]]:
    """Add samples made of those that have an intent and are trained on; tell how many each method made.

    A made sample is of the group of its original, so that no split parts them. One that says what stands there already,
    under whatever intent, is left out.

    Raises:
        DataSettingError: synonyms are wanted without a pack that has them.
    """
    setting = setting or AugmentSetting()
    makers = {method: _maker(method, table, setting, pack) for method in dict.fromkeys(setting.methods)}
    texts = {sample.text for sample in table}
    intent_of = {key_of(sample.text): sample.intent for sample in table}
    made: list[Sample] = []
    for method, maker in makers.items():
        chance = Random(f"{setting.seed} {method}")  # noqa: S311  # a sample, no secret
        for sample in table:
            if sample.intent is None or sample.split not in TRAINED_ON or chance.random() >= setting.share:
                continue
            copy = _copy(sample, method, maker, chance)
            if copy is None or copy.text in texts or intent_of.get(key_of(copy.text), sample.intent) != sample.intent:
                continue
            texts.add(copy.text)
            made.append(copy)
    originals = {copy.id.rpartition("+")[0] for copy in made}
    kept = (
        msgspec.structs.replace(sample, group=sample.group or sample.id) if sample.id in originals else sample
        for sample in table
    )
    counts = Counter(copy.id.rpartition("+")[2] for copy in made)
    return with_own_ids((*kept, *made)), {method: counts[method] for method in makers}


def _copy(sample: Sample, method: Method, maker: Maker, chance: Random) -> Sample | None:
    copy = edited(sample, maker(sample, chance))
    if copy is None or not copy.text.strip():
        return None
    return msgspec.structs.replace(
        copy, id=f"{sample.id}+{method}", source=f"augment:{method}", group=sample.group or sample.id
    )


def _maker(method: Method, table: Table, setting: AugmentSetting, pack: Pack | None) -> Maker:
    taught = tuple(sample for sample in table if sample.split in TRAINED_ON)
    match method:
        case "synonyms":
            if pack is None or not pack.lexicons:
                raise DataSettingError("Synonyms are those of a pack's lexicons: name a pack, or leave synonyms out.")
            return synonyms(pack.lexicons.values(), setting.words)
        case "swap":
            return swap(taught)
        case "noise":
            return noise(setting.words)
        case "keyboard":
            return keyboard(setting.words)
        case "pinyin":
            return pinyin()
        case "homophones":
            return homophones(taught, setting.words)
        case "traditional":
            return traditional()
