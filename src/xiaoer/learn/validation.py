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
from xiaoer.understand import OUT_OF_SCOPE, Analyser, EntityFinder, IntentModel, Tagger

Fold = tuple[list[Example], list[Example]]


def cross_validate(pack: Pack, *, folds: int = 5, seed: int = 0) -> IntentReport:
    """Judge the intent model on a pack's own utterances, stratified by intent.

    The questions of the pack's knowledge are trained on as in earnest, but for those that are an utterance judged.
    """
    analyser = Analyser(pack)
    further = examples_of_knowledge(pack, analyser)
    return _judge_intents(examples_of_pack(pack, analyser), further, folds=folds, seed=seed)


def cross_validate_pairs(
    pairs: Iterable[tuple[str, str]], pack: Pack, *, folds: int = 5, seed: int = 0
) -> IntentReport:
    """Judge the intent model on any texts with their intents, seen with the patterns and lexicons of a pack."""
    return _judge_intents(examples_of_pairs(pairs, Analyser(pack)), [], folds=folds, seed=seed)


def cross_validate_entities(pack: Pack, *, folds: int = 5, seed: int = 0) -> EntityReport:
    """Judge the finding of entities (patterns, lexicons and tagger together) on a pack's marked utterances."""
    pairs: list[tuple[set[Mark], set[Mark]]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (seen, unseen) in enumerate(_folds(examples_of_pack(pack, Analyser(pack)), folds, seed)):
            path = Path(folder) / str(number)
            fit_tagger(seen, trained_kinds(pack), path, seed=seed)
            finder = EntityFinder(pack, Tagger(path), {})
            for example in unseen:
                found = {(span.kind, span.start, span.end) for span in finder.find(example.analysis)}
                pairs.append((set(example.marks), found))
    return entity_report(pairs)


def trained_kinds(pack: Pack) -> list[str]:
    """Give the kinds of entities that the tagger learns."""
    return [kind.name for kind in pack.entities.values() if kind.is_trained]


def _judge_intents(examples: list[Example], further: list[Example], *, folds: int, seed: int) -> IntentReport:
    judged: list[Judged] = []
    for seen, unseen in _folds(examples, folds, seed):
        texts = {example.analysis.text for example in unseen}
        seen += [example for example in further if example.analysis.text not in texts]
        model = fit_intents([one.features for one in seen], [one.intent for one in seen], seed=seed)
        judged += [_judge(model, example) for example in unseen]
    return intent_report(judged)


def _folds(examples: Sequence[Example], folds: int, seed: int) -> Iterator[Fold]:
    intents = np.array([example.intent for example in examples])
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=seed).split(intents, intents):
        yield [examples[at] for at in seen], [examples[at] for at in unseen]


def _judge(model: IntentModel, example: Example) -> Judged:
    probabilities = model.probabilities(example.features)
    order = np.argsort(-probabilities)
    second = model.names[order[min(1, len(order) - 1)]]
    likeliest = (float(probabilities[at]) for at in order[:2] if model.names[at] != OUT_OF_SCOPE)
    return Judged(
        example.intent, model.names[order[0]], second, float(probabilities[order[0]]), max(likeliest, default=0.0)
    )
