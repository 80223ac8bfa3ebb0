"""Tables of text: cells in columns, each as wide as its widest."""

from collections.abc import Container, Sequence

from rich.text import Text

Column = list[Text]
"""One cell for each line of a table, the header's lines included."""


def measure_column(column: Column) -> int:
    """How wide a column is."""
    return max(cell.cell_len for cell in column)


def line_up(columns: Sequence[Column], gap: int, flush_left: Container[int]) -> list[Text]:
    """Put the cells beside each other, `gap` blanks between columns.

    The columns whose number is in `flush_left` start below each other, all others end so.
    """
    lines = [Text() for _ in columns[0]]
    for place, column in enumerate(columns):
        width = measure_column(column)
        for line, cell in zip(lines, column, strict=True):
            blank = " " * (width - cell.cell_len)
            line.append(" " * gap if place else "")
            line.append_text(cell + blank if place in flush_left else Text(blank) + cell)
    return lines
