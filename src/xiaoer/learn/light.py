"""Training of the light tier from a pack: seconds on two cores."""

from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from xiaoer.clock import Clock, SystemClock
from xiaoer.knowledge import ANSWERS_FILE, AnswerModel
from xiaoer.learn.answers import fit_answers
from xiaoer.learn.examples import Example, examples_of_knowledge, examples_of_pack
from xiaoer.learn.intents import fit_intents
from xiaoer.learn.spelling import fit_spelling
from xiaoer.learn.tagging import fit_tagger
from xiaoer.learn.telling import Tell, part_of, say_nothing
from xiaoer.learn.validation import trained_kinds
from xiaoer.pack import Pack
from xiaoer.serve import ModelCard
from xiaoer.understand import INTENTS_FILE, TAGGER_FILE, Analyser, IntentModel, training_hash


def train_light(
    pack: Pack,
    folder: Path,
    *,
    seed: int = 0,
    progress: Tell | None = None,
    clock: Clock | None = None,
) -> ModelCard:
    """Train the light tier and write it, card included, into an existing folder.

    `progress` is told what is done now and the share of the whole (0 to 1). The same pack and seed give the same
    model to the byte. The card's scores are counts; accuracy is `cross_validate`'s to say.

    Raises:
        TooFewUtterancesError: the pack has too little to train on.
    """
    tell = progress or say_nothing
    tell("reading the utterances", 0.0)
    analyser = Analyser(pack)
    examples = examples_of_pack(pack, analyser)
    known = {example.analysis.text for example in examples}
    further = [one for one in examples_of_knowledge(pack, analyser) if one.analysis.text not in known]
    model, answers = _fit(pack, folder, examples, further, seed=seed, progress=part_of(tell, 0.1, 0.9))
    card = ModelCard(
        pack=pack.manifest.name,
        data_hash=training_hash(pack),
        kind="light",
        seed=seed,
        code_version=version("xiaoer"),
        created=(clock or SystemClock()).now(),
        scores={
            "utterances": len(examples),
            "questions": len(further),
            "intents": len(model.names),
            "features": len(model.vocabulary),
            "entries": len(answers.entries) if answers else 0,
            "out_of_scope_threshold": model.threshold,
        },
    )
    card.write(folder)
    tell("done", 1.0)
    return card


def _fit(
    pack: Pack, folder: Path, examples: list[Example], further: list[Example], *, seed: int, progress: Tell
) -> tuple[IntentModel, AnswerModel | None]:
    """Train all parts of a model and write them; give the intents and, where there is knowledge, the answers."""
    progress("training intents and entities", 0.0)
    taught = [*examples, *further]
    with ThreadPoolExecutor(1) as beside:  # the libraries let go of the interpreter: one core each
        tagger = beside.submit(fit_tagger, examples, trained_kinds(pack), folder / TAGGER_FILE, seed=seed)
        model = fit_intents([one.features for one in taught], [one.intent for one in taught], seed=seed)
        model.save(folder / INTENTS_FILE)
        fit_spelling([one.analysis.text for one in taught]).save(folder)
        answers = fit_answers(pack, seed=seed, beside=beside, progress=part_of(progress, 0.5, 1.0))
        tagger.result()
    if answers is not None:
        answers.save(folder / ANSWERS_FILE)
    return model, answers
