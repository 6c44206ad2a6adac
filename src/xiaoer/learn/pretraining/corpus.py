"""What an encoder is pre-trained on: texts in their normal form, and which of them say the same."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from xiaoer.learn.data.formats.packs import read_utterances
from xiaoer.learn.data.formats.rows import text_of
from xiaoer.learn.data.importing import import_files
from xiaoer.learn.data.samples import Sample, key_of
from xiaoer.learn.data.splitting import SplitSetting, split
from xiaoer.learn.data.versions import MANIFEST_FILE, read_version
from xiaoer.learn.pretraining.errors import CorpusError
from xiaoer.learn.pretraining.settings import CorpusSettings
from xiaoer.pack import PLACEHOLDER, Pack, read_pack
from xiaoer.text import normalise

_SHORTEST = 2
_TRAINED_ON = frozenset({"", "train"})
_PARTS = 1000


class Line(NamedTuple):
    """A text in its normal form; lines of one `group` say the same, one without a group stands for itself."""

    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Lines to train on, lines that no training sees, and where they come from: each source with its count of lines."""

    lines: tuple[Line, ...]
    held_out: tuple[Line, ...]
    sources: Mapping[str, int]

    @property
    def data_hash(self) -> str:
        """Hash everything that is trained on and measured with: 12 hexadecimal digits."""
        written = msgspec.json.encode((self.lines, self.held_out))
        return hashlib.sha256(written).hexdigest()[:12]


def read_corpus(texts: Sequence[Path], packs: Sequence[Path], settings: CorpusSettings) -> Corpus:
    """Read plain text, files of data, folders of data, and packs; a text that stands there twice is kept once.

    Of data that was split only the part `train` is read. What is held out of a pack: a share of the families of its
    utterances, and of the entries of its FAQ with all their phrasings.

    Raises:
        CorpusError: nothing is left to train on.
        DataFileError: a file cannot be read.
    """
    read: dict[str, list[tuple[Line, bool]]] = {}
    for path in texts:
        read[path.name] = [(line, False) for line in _lines_of(path, settings)]
    for folder in packs:
        pack = read_pack(folder)
        read[pack.manifest.name] = list(_lines_of_pack(pack, settings))
    held = [line for lines in read.values() for line, is_held in lines if is_held]
    seen = {key_of(line.text) for line in held}
    kept: list[Line] = []
    sources: Counter[str] = Counter()
    for name, lines in read.items():
        for line, is_held in lines:
            key = key_of(line.text)
            if is_held or key in seen or len(line.text) < _SHORTEST:
                continue
            seen.add(key)
            kept.append(line)
            sources[name] += 1
    if not kept:
        raise CorpusError("The corpus holds no text to train on; name files with --text, or packs with --pack.")
    return Corpus(tuple(kept), tuple(held), dict(sources))


def _lines_of(path: Path, settings: CorpusSettings) -> Iterator[Line]:
    """Read a file of plain text, a text a line, or whatever the data stations read."""
    if path.suffix.lower() == ".txt":
        yield from (Line(normalise(line).text) for line in text_of(path).splitlines() if line.strip())
        return
    is_version = path.is_dir() and (path / MANIFEST_FILE).is_file()
    table = (read_version(path) if is_version else import_files([path]).version).table
    has_groups = "tables" in settings.pairs
    for sample in table:
        if sample.split in _TRAINED_ON:
            group = f"{path.name}:{sample.intent}" if has_groups and sample.intent is not None else ""
            yield Line(normalise(sample.text).text, group)


def _lines_of_pack(pack: Pack, settings: CorpusSettings) -> Iterator[tuple[Line, bool]]:
    """Give the lines of a pack, and of each whether it is held out."""
    name = pack.manifest.name
    yield from _utterances(pack, settings)
    for entry in pack.faq.values():
        is_held = zlib.crc32(entry.id.encode()) % _PARTS < settings.held_out * _PARTS
        group = f"{name}:faq:{entry.id}" if "questions" in settings.pairs or is_held else ""
        yield from ((Line(normalise(text).text, group), is_held) for text in (entry.question, *entry.phrasings))
        yield from ((line, False) for line in _prose([entry.answer]))
    yield from ((line, False) for line in _prose(clause.text for clause in pack.clauses.values()))
    wordings = (wording for reply in pack.replies.values() for wording in reply.wordings())
    yield from ((line, False) for line in _prose(text for wording in wordings for _, _, text in wording.texts()))


def _utterances(pack: Pack, settings: CorpusSettings) -> Iterator[tuple[Line, bool]]:
    """Give the utterances of a pack; those held out carry their intent, whatever counts as a pair in training."""
    samples = tuple(read_utterances(pack).samples)
    shares = (1 - settings.held_out, 0.0, settings.held_out)
    parted: Iterable[Sample] = split(samples, SplitSetting(shares=shares, near=settings.near))[0]
    for sample in parted:
        is_held = sample.split == "test"
        group = f"{pack.manifest.name}:{sample.intent}" if "utterances" in settings.pairs or is_held else ""
        yield Line(normalise(sample.text).text, group), is_held


def _prose(texts: Iterable[str]) -> Iterator[Line]:
    """Give what a shop says, without the places that facts are filled into."""
    yield from (Line(normalise(PLACEHOLDER.sub(" ", text)).text) for text in texts)
