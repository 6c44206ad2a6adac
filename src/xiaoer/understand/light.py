"""The light tier's model as a folder: weights of the intents, the tagger, the spelling, what it was trained on."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from xiaoer.pack import Pack
from xiaoer.text import Spelling
from xiaoer.understand.errors import ModelNotFoundError
from xiaoer.understand.intents import IntentModel
from xiaoer.understand.tagger import Tagger

INTENTS_FILE = "intents.npz"
TAGGER_FILE = "tagger.crfsuite"
_FORMAT = 10


@dataclass(frozen=True, slots=True)
class LightModel:
    """A trained light tier; `id` is the name of its folder."""

    id: str
    intents: IntentModel
    tagger: Tagger
    spelling: Spelling

    @classmethod
    def load(cls, folder: Path) -> "LightModel":
        """Read a model's folder.

        Raises:
            ModelNotFoundError: the folder lacks one of the model's files, or another version wrote them.
        """
        for name in (INTENTS_FILE, TAGGER_FILE):
            if not (folder / name).is_file():
                raise ModelNotFoundError(f"{folder} is no light model: it holds no {name}. `xiaoer train` makes one.")
        try:
            intents, tagger = IntentModel.load(folder / INTENTS_FILE), Tagger(folder / TAGGER_FILE)
            return cls(folder.name, intents, tagger, Spelling.find(folder))
        except (KeyError, ValueError, BadZipFile) as error:
            raise ModelNotFoundError(
                f"{folder} holds a model of another version ({error}). `xiaoer train` makes one for this version."
            ) from error


def training_hash(pack: Pack) -> str:
    """Hash what training reads of a pack, and how this version reads it: 12 hexadecimal digits.

    Two packs with one hash give the same model; a changed reply or policy changes nothing.
    """
    read = {
        "format": _FORMAT,
        "intents": {name: intent.utterances for name, intent in pack.intents.items()},
        "entities": [kind.model_dump(mode="json") for kind in pack.entities.values()],
        "lexicons": {name: lexicon.model_dump(mode="json") for name, lexicon in pack.lexicons.items()},
        "questions": {
            name: (entry.question, entry.phrasings, entry.intents, entry.answer) for name, entry in pack.faq.items()
        },
    }
    written = json.dumps(read, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()[:12]
