"""How to learn from few examples: the method, the encoder, and how prompts ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Method: TypeAlias = Literal["contrastive", "prompts", "prototypes"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """How the head is asked: a pattern with `{text}` and `[MASK]` once each, and the words that stand for intents.

    The usual pattern reads as a heading in any language, and a long text cannot push the mask out. An intent that
    `words` does not have is verbalised by the words of its name.
    """

    pattern: str = "[MASK]: {text}"
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)


USUAL_PROMPT = Prompt()


@dataclass(frozen=True, slots=True)
class FewShotSetting:
    """How to learn: the method, the encoder's folder, and how prompts ask."""

    method: Method
    encoder: Path
    prompt: Prompt = USUAL_PROMPT
