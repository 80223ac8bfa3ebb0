"""The one look of the tables: a first column of names, then numbers."""

from rich.table import Table


def make_table(title: str, *columns: str) -> Table:
    """Head a table: the title stands over the names, units stand in the columns."""
    table = Table(title, box=None, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table
