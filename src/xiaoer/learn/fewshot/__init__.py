"""Learning intents from few examples of each: by contrast, by prompts, by prototypes. It needs the extra `train`.

What needs torch is imported when it is called: the command line starts without it.
"""

from importlib.util import find_spec
from pathlib import Path

from xiaoer.learn.data.samples import Table
from xiaoer.learn.errors import TierMissingError
from xiaoer.learn.fewshot.errors import EncoderUnfitError, PatternError
from xiaoer.learn.fewshot.settings import FewShotSetting, Method, Prompt
from xiaoer.learn.from_data import Origin, labelled, refuse_what_is_no_model, told_of
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.serve import ModelCard

__all__ = ["EncoderUnfitError", "FewShotSetting", "Method", "PatternError", "Prompt", "train_few_shot"]

_UNTOLD = Origin()


def train_few_shot(
    table: Table,
    folder: Path,
    setting: FewShotSetting,
    *,
    seed: int = 0,
    origin: Origin = _UNTOLD,
    progress: Tell | None = None,
) -> ModelCard:
    """Train on labelled samples and write the model, card included, into a folder.

    Of data that was split the part `train` is learnt alone. Where every intent has three examples, a third of all is
    held out first: the sharpness of the probabilities and the threshold of what is in scope are measured there, with a
    model that has not seen it. The card's score `held_out_accuracy` is of that too. `progress` is told what is done now
    and the share of the whole (0 to 1).

    Raises:
        TierMissingError: the extra `train` is not installed.
        DataSettingError: nothing is labelled, or the folder holds what is no model.
        EncoderUnfitError: the folder of the setting holds no encoder that does for the method.
        PatternError: the pattern or the words of a prompt will not do.
        TooFewUtterancesError: there is only one intent.
    """
    if not all(map(find_spec, ("torch", "transformers"))):
        raise TierMissingError("Few examples cannot be learnt here: pip install 'xiaoer[train]'.")
    from xiaoer.learn.fewshot.training import train  # noqa: PLC0415  # brings torch

    refuse_what_is_no_model(folder)
    folder.mkdir(parents=True, exist_ok=True)
    card = train(labelled(table), folder, setting, seed=seed, progress=progress or say_nothing)
    return told_of(card, origin, folder)
