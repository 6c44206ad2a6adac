"""A pack's utterances as samples, and samples as a file of a pack's intents."""

from pathlib import Path

from xiaoer.learn.data.formats.rows import Rows
from xiaoer.learn.data.samples import Sample, Span
from xiaoer.pack import Pack


def read_utterances(pack: Pack) -> Rows:
    """Give every utterance of a pack with its marks and the place where it stands."""
    rows = Rows(pack.manifest.name)
    for intent in pack.intents.values():
        block = pack.place(f"intents:{intent.name}", "utterances")
        lines = [at for at, line in enumerate(intent.utterances.splitlines(), block.line + 1) if line.strip()]
        for line, utterance in zip(lines, intent.examples(), strict=True):
            rows.samples.append(
                Sample(
                    id=f"{rows.file}:{block.file}:{line}",
                    text=utterance.text,
                    intent=intent.name,
                    spans=tuple(Span(mark.start, mark.end, mark.entity) for mark in utterance.spans),
                    source=Path(block.file).name,
                )
            )
    return rows
