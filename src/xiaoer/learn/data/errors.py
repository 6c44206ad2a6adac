"""What can be wrong with data as a whole; what is wrong with one row is a `RowFault`, and the other rows are kept."""

from typing import NamedTuple

from xiaoer.errors import XiaoerError


class RowFault(NamedTuple):
    """A row that was left out: where it stands (lines count from 1), in which field, what is wrong."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.what}"


class DataFileError(XiaoerError):
    """A file cannot be read as data at all, or a folder is none of a table."""

    code = "learn.data_file"
    status = 422


class DataChangedError(XiaoerError):
    """A table is not what its manifest says: it was changed by hand."""

    code = "learn.data_changed"
    status = 409


class LibraryMissingError(XiaoerError):
    """A library of the extra `data` is not installed."""

    code = "learn.library_missing"

    def __init__(self, library: str, needed_for: str) -> None:
        super().__init__(f"{needed_for} needs the library {library}: pip install 'xiaoer[data]'.")


class DataSettingError(XiaoerError):
    """A station cannot work as it was told to on this data."""

    code = "learn.data_setting"
    status = 422
