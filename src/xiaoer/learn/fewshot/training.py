"""Training of a model folder from few examples: learnt, calibrated, and written for serving without torch."""

from importlib.metadata import version
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from xiaoer.clock import Clock, SystemClock
from xiaoer.learn.data.samples import Table, encode, hash_of
from xiaoer.learn.fewshot import contrastive, prompts, prototypes
from xiaoer.learn.fewshot.calibrating import sharpness
from xiaoer.learn.fewshot.examples import Examples, FewShot
from xiaoer.learn.fewshot.exporting import write_encoder
from xiaoer.learn.fewshot.settings import FewShotSetting
from xiaoer.learn.intents import threshold_of
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.serve import ModelCard
from xiaoer.understand import few_shot, softmax

_FOLDS = 3


def train(
    taught: Table,
    folder: Path,
    setting: FewShotSetting,
    *,
    seed: int = 0,
    progress: Tell = say_nothing,
    clock: Clock | None = None,
) -> ModelCard:
    """Train on labelled samples; see `xiaoer.learn.fewshot.train_few_shot`."""
    examples = Examples.of([one.text for one in taught], [one.intent or "" for one in taught])
    progress("measuring on held-out examples", 0.0)
    scale, threshold, scores = _measured(examples, setting, seed)
    learnt = learn(examples, setting, seed=seed, tell=lambda what, share: progress(what, 0.4 + 0.4 * share))
    progress("writing the model", 0.8)
    write_encoder(learnt.encoder, folder)
    frame = learnt.encoder.framer.frame
    served = few_shot.Setting(names=examples.names, threshold=threshold, frame=frame)
    few_shot.write_head(folder, served, learnt.directions * scale, learnt.bias * scale)
    card = ModelCard(
        pack="",
        data_hash=hash_of(encode(taught)),
        kind="few_shot",
        seed=seed,
        code_version=version("xiaoer"),
        created=(clock or SystemClock()).now(),
        scores={"examples": len(examples.texts), "intents": len(examples.names), **scores},
    )
    card.write(folder)
    progress("done", 1.0)
    return card


def learn(examples: Examples, setting: FewShotSetting, *, seed: int = 0, tell: Tell = say_nothing) -> FewShot:
    """Learn by the method of a setting; the scores of what comes out are not calibrated.

    Raises:
        EncoderUnfitError: the folder of the setting holds no encoder that does for the method.
        PatternError: the pattern or the words of a prompt will not do.
    """
    match setting.method:
        case "prototypes":
            return prototypes.learn_by_prototypes(examples, setting.encoder)
        case "contrastive":
            return contrastive.learn_by_contrast(examples, setting.encoder, seed=seed, tell=tell)
        case "prompts":
            return prompts.learn_by_prompts(examples, setting.encoder, prompt=setting.prompt, seed=seed, tell=tell)


def _measured(examples: Examples, setting: FewShotSetting, seed: int) -> tuple[float, float, dict[str, float]]:
    """Give the sharpness of the softmax, the threshold of what is in scope, and how many held out were read rightly."""
    if np.bincount(examples.labels).min() < _FOLDS:
        return 1.0, 0.0, {}
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    seen, unseen = next(folds.split(examples.labels, examples.labels))
    held_out = examples.some(unseen)
    scores = learn(examples.some(seen), setting, seed=seed).scores(held_out.texts)
    scale = sharpness(scores, held_out.labels)
    probabilities = softmax(scores * np.float32(scale)).astype(np.float64)
    threshold = threshold_of(probabilities, held_out.labels, examples.names)
    return scale, threshold, {"held_out_accuracy": float((scores.argmax(axis=1) == held_out.labels).mean())}
