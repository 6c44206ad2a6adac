"""What keeps records from being moved in or out at all; what is wrong with a single row goes into the report."""

from xiaoer.errors import XiaoerError


class TransferFilesError(XiaoerError):
    """The files of a folder cannot be read as tables, or a folder cannot be written to; nothing was begun."""

    code = "shop.transfer_files"
    status = 422
