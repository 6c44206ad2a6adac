"""Cross-validation: what a model says about utterances that it was not trained on."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from xiaoer.learn.examples import Example, examples_of_knowledge, examples_of_pack, examples_of_pairs
from xiaoer.learn.intents import fit_intents
from xiaoer.learn.report import EntityReport, IntentReport, Judged, Mark, entity_report, intent_report
from xiaoer.learn.tagging import fit_tagger
from xiaoer.pack import Pack
from xiaoer.understand import OUT_OF_SCOPE, TAGGER_FILE, Analyser, EntityFinder, FeatureBlocks, IntentModel, Tagger

Fold = tuple[list[Example], list[Example]]


def cross_validate(pack: Pack, *, folds: int = 5, seed: int = 0) -> IntentReport:
    """Judge the intent model on a pack's own utterances, stratified by intent.

    The questions of the pack's knowledge are trained on as in earnest, but for those that are an utterance judged.
    What is masked in an utterance judged is what a tagger finds that has not seen it, never its marks.
    """
    analyser = Analyser(pack)
    further = examples_of_knowledge(pack, analyser)
    judged: list[Judged] = []
    for seen, unseen, finder in _with_finders(pack, examples_of_pack(pack, analyser), folds, seed):
        met = [analyser.naming(example.analysis, finder.find(example.analysis)) for example in unseen]
        judged += _judge_fold(seen, further, unseen, [analyser.features(analysis) for analysis in met], seed)
    return intent_report(judged)


def cross_validate_pairs(
    pairs: Iterable[tuple[str, str]], pack: Pack, *, folds: int = 5, seed: int = 0
) -> IntentReport:
    """Judge the intent model on any texts with their intents, seen with the patterns and lexicons of a pack."""
    judged: list[Judged] = []
    for seen, unseen in _folds(examples_of_pairs(pairs, Analyser(pack)), folds, seed):
        judged += _judge_fold(seen, [], unseen, [example.features for example in unseen], seed)
    return intent_report(judged)


def cross_validate_entities(pack: Pack, *, folds: int = 5, seed: int = 0) -> EntityReport:
    """Judge the finding of entities (patterns, lexicons and tagger together) on a pack's marked utterances."""
    pairs: list[tuple[set[Mark], set[Mark]]] = []
    for _, unseen, finder in _with_finders(pack, examples_of_pack(pack, Analyser(pack)), folds, seed):
        for example in unseen:
            found = {(span.kind, span.start, span.end) for span in finder.find(example.analysis)}
            pairs.append((set(example.marks), found))
    return entity_report(pairs)


def trained_kinds(pack: Pack) -> list[str]:
    """Give the kinds of entities that the tagger learns."""
    return [kind.name for kind in pack.entities.values() if kind.is_trained]


def _judge_fold(
    seen: list[Example], further: list[Example], unseen: list[Example], features: list[FeatureBlocks], seed: int
) -> Iterator[Judged]:
    """Judge a model of the seen and further examples by what it sees (`features`) of the others."""
    texts = {example.analysis.text for example in unseen}
    seen = [*seen, *(example for example in further if example.analysis.text not in texts)]
    model = fit_intents([one.features for one in seen], [one.intent for one in seen], seed=seed)
    return (_judge(model, example.intent, blocks) for example, blocks in zip(unseen, features, strict=True))


def _with_finders(
    pack: Pack, examples: list[Example], folds: int, seed: int
) -> Iterator[tuple[list[Example], list[Example], EntityFinder]]:
    """Give each fold with a finder of entities that was trained on what is seen in it."""
    for seen, unseen in _folds(examples, folds, seed):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / TAGGER_FILE
            fit_tagger(seen, trained_kinds(pack), path, seed=seed)
            yield seen, unseen, EntityFinder(pack, Tagger(path), {})


def _folds(examples: Sequence[Example], folds: int, seed: int) -> Iterator[Fold]:
    intents = np.array([example.intent for example in examples])
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=seed).split(intents, intents):
        yield [examples[at] for at in seen], [examples[at] for at in unseen]


def _judge(model: IntentModel, intent: str, blocks: FeatureBlocks) -> Judged:
    probabilities = model.probabilities(blocks)
    order = np.argsort(-probabilities)
    second = model.names[order[min(1, len(order) - 1)]]
    likeliest = (float(probabilities[at]) for at in order[:2] if model.names[at] != OUT_OF_SCOPE)
    return Judged(intent, model.names[order[0]], second, float(probabilities[order[0]]), max(likeliest, default=0.0))
