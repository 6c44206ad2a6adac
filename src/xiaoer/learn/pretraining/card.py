"""What an encoder is: the card that lies in its folder, for programs and for people."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from xiaoer.learn.pretraining.settings import PretrainSettings

CARD_FILE = "card.json"
READ_ME = "README.md"


class EncoderCard(msgspec.Struct, frozen=True, kw_only=True):
    """Where an encoder comes from and how good it is.

    `data_hash` names what it was trained on, `sources` the lines of each source; `seconds` is what the last go took
    on the machine, `created` is aware, in UTC. `scores` are figures on what no training saw.
    """

    kind: str = "encoder"
    data_hash: str
    sources: Mapping[str, int]
    held_out: int
    seed: int
    code_version: str
    created: datetime
    seconds: float
    parameters: int
    scores: Mapping[str, float]
    settings: PretrainSettings

    def write(self, folder: Path) -> None:
        """Write the card twice: as JSON, and as the page that people read, unless somebody wrote one."""
        (folder / CARD_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
        page = folder / READ_ME
        if not page.exists():
            page.write_text("\n".join(self._page()) + "\n", encoding="utf-8")

    def _page(self) -> Iterator[str]:
        network = self.settings.network
        yield "# A compact encoder\n"
        yield f"BERT of {network.layers} layers of {network.width}, {self.parameters:,} parameters, trained from"
        yield f"scratch by `xiaoer pretrain` {self.code_version}; texts of up to {network.positions} tokens.\n"
        yield f"Trained on {sum(self.sources.values()):,} lines (hash `{self.data_hash}`), seed {self.seed}:\n"
        yield from (f"- {name}: {count:,}" for name, count in self.sources.items())
        yield f"\nMeasured on {self.held_out:,} lines that no training saw:\n"
        yield "| Figure | Value |\n| --- | ---: |"
        yield from (f"| `{name}` | {value:.4f} |" for name, value in self.scores.items())
        yield "\n`card.json` has all settings. State here the licences of what it was trained on before you share it."
