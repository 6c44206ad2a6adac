"""What can be wrong with a pack."""

from dataclasses import dataclass

from xiaoer.errors import XiaoerError
from xiaoer.pack.model import Place


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file of a pack: where, in which field, and what."""

    place: Place
    field: str
    message: str

    def __str__(self) -> str:
        where = f" [{self.field}]" if self.field else ""
        return f"{self.place}{where}: {self.message}"


class PackError(XiaoerError):
    """A pack cannot be used; `faults` lists everything that is wrong with it."""

    code = "pack.invalid"
    status = 422

    def __init__(self, folder: str, faults: list[Fault]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"The pack {folder} has {len(faults)} fault(s):\n{lines}")


class PackNotFoundError(XiaoerError):
    """There is no pack where one was looked for."""

    code = "pack.not_found"
    status = 404


class NewPackError(XiaoerError):
    """A new pack cannot be made: its folder is in use, or its name, title or language will not do."""

    code = "pack.not_made"
    status = 409
