"""A pack's utterances as samples, and samples as a file of a pack's intents."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from xiaoer.learn.data.errors import RowFault
from xiaoer.learn.data.formats.rows import Rows
from xiaoer.learn.data.samples import Sample, Span, Table
from xiaoer.pack import MarkedSpan, Pack, Utterance


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
                    spans=tuple(map(_span, utterance.spans)),
                    source=Path(block.file).name,
                )
            )
    return rows


def intents_file(
    table: Table, about: Mapping[str, str], *, heading: str, part: str | None = None
) -> tuple[str, tuple[RowFault, ...]]:
    """Write the samples of a part, or all, as a file under a pack's `intents/`, with a heading as a comment.

    `about` says what intents are for. What has no intent, and what a pack would read otherwise than it stands here, is
    left out and noted.
    """
    utterances: dict[str, list[str]] = {}
    faults: list[RowFault] = []
    for line, sample in enumerate(table, 1):
        if part is not None and sample.split != part:
            continue
        written = _utterance(sample)
        if sample.intent is None:
            faults.append(RowFault("samples.jsonl", line, "intent", "none is given"))
        elif not written or _read_back(written) != (sample.text, sample.spans):
            faults.append(RowFault("samples.jsonl", line, "text", f"a pack would read {sample.text!r} otherwise"))
        else:
            utterances.setdefault(sample.intent, []).append(written)
    intents = [
        {"name": name, "about": about.get(name, name), "utterances": _Block("\n".join(own) + "\n")}
        for name, own in utterances.items()
    ]
    written = yaml.dump({"intents": intents}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4000)
    return f"# {heading}\n{written}", tuple(faults)


class _Block(str):
    """Text that is written as a block, a line each."""


def _as_block(dumper: yaml.representer.BaseRepresenter, block: _Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(block), style="|")


class _Dumper(yaml.SafeDumper):
    """Writes blocks as packs have them."""

    yaml_representers = {  # noqa: RUF012  # the library's own class attribute, never changed
        **yaml.SafeDumper.yaml_representers,
        _Block: _as_block,
    }


def _utterance(sample: Sample) -> str:
    text, at = "", 0
    for span in sample.spans:
        text += f"{sample.text[at : span.start]}[{sample.text[span.start : span.end]}]({span.entity})"
        at = span.end
    return text + sample.text[at:]


def _read_back(written: str) -> tuple[str, tuple[Span, ...]]:
    lines = written.splitlines()
    read = Utterance.parse(lines[0].strip()) if len(lines) == 1 else Utterance(text="")
    return read.text, tuple(map(_span, read.spans))


def _span(mark: MarkedSpan) -> Span:
    return Span(mark.start, mark.end, mark.entity)
