"""What a model is: the card that lies in its folder."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from xiaoer.serve.errors import UnreadableModelCardError

CARD_FILE = "card.json"


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """Where a model comes from and how good it is.

    `pack` names the pack that it was trained from, and is empty for a model of labelled data; `data_hash` names what it
    was trained on; `scores` are named figures, each in the unit that its name says; `created` is aware, in UTC.
    Of labelled data, or of a pack with its version, `data` says where it lay, `licence` under which terms it is used,
    if that was told, `command` what was typed to train.
    """

    pack: str
    data_hash: str
    kind: str
    seed: int
    code_version: str
    created: datetime
    scores: Mapping[str, float]
    data: str = ""
    licence: str = ""
    command: str = ""

    def write(self, folder: Path) -> None:
        """Write the card into a model's folder."""
        (folder / CARD_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")

    @classmethod
    def read(cls, folder: Path) -> "ModelCard":
        """Read the card of a model's folder.

        Raises:
            UnreadableModelCardError: there is no card, or it is none of this version's.
        """
        path = folder / CARD_FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError) as error:
            raise UnreadableModelCardError(f"{path} is no model card ({error}); train the model again.") from error
