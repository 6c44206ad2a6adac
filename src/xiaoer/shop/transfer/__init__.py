"""A shop's records moved in from files and out to files, as CSV or JSON.

Tables and columns follow from the models: a new field of a record needs nothing here.
"""

from xiaoer.shop.transfer.errors import TransferFilesError
from xiaoer.shop.transfer.exporting import ExportFormat, ExportResult, export_shop
from xiaoer.shop.transfer.importing import import_shop
from xiaoer.shop.transfer.schema import describe_tables, table_names, table_schemas
from xiaoer.shop.transfer.setting import ImportSetting
from xiaoer.shop.transfer.standing import Counts, FileCount, ImportResult, Tell, TransferProgress

__all__ = [
    "Counts",
    "ExportFormat",
    "ExportResult",
    "FileCount",
    "ImportResult",
    "ImportSetting",
    "Tell",
    "TransferFilesError",
    "TransferProgress",
    "describe_tables",
    "export_shop",
    "import_shop",
    "table_names",
    "table_schemas",
]
