"""The tables that augmentation draws from: noise words, emoji, the keyboard."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import yaml


class AugmentTables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`noise_words` by language, `emoji`, `keyboard` by rows."""

    noise_words: Mapping[str, tuple[str, ...]]
    emoji: tuple[str, ...]
    keyboard: tuple[str, ...]

    def neighbours(self, letter: str) -> str:
        """Give the letters next to a letter, in its row and in those above and below; none of what is no letter."""
        for row, keys in enumerate(self.keyboard):
            at = keys.find(letter)
            if at >= 0:
                rows = self.keyboard[max(0, row - 1) : row + 2]
                return "".join(keys[max(0, at - 1) : at + 2] for keys in rows).replace(letter, "")
        return ""


@cache
def augment_tables() -> AugmentTables:
    """Read the tables."""
    written = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(written, Loader=yaml.CSafeLoader), AugmentTables)  # a safe loader
