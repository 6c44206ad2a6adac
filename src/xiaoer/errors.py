"""The root of every error that Xiaoer raises on purpose."""

from typing import ClassVar


class XiaoerError(Exception):
    """Something is wrong that a person can mend.

    The message says what was wrong, where (file, line, field, id), and what to do.
    `code` never changes for one kind of error; `docs/reference/errors.md` lists all. `status` is the HTTP status.
    """

    code: ClassVar[str] = "xiaoer"
    status: ClassVar[int] = 500
