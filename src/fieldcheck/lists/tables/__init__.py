"""Tables that others wrote, read row by row: CSV, TSV, Excel workbooks, JSON and JSON Lines."""

from fieldcheck.lists.tables.model import BadRow, Cell, Reading, Row, Table, column_key
from fieldcheck.lists.tables.opening import open_table

__all__ = ["BadRow", "Cell", "Reading", "Row", "Table", "column_key", "open_table"]
