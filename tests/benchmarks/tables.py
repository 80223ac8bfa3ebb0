"""The one look of the tables: a first column of names, then numbers."""

import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple, NoReturn

from rich.console import Console
from rich.table import Table

#: What was measured, by the name of its figure: once, or several times.
Measured = dict[str, list[float]]


class Row(NamedTuple):
    """How a figure is called, the decimals that it is written with, and its bound."""

    name: str
    decimals: int = 2
    at_most: float | None = None

    def is_broken(self, values: list[float]) -> bool:
        """Whether there is a bound that the median is not within."""
        return self.at_most is not None and not median(values) <= self.at_most


def make_table(title: str, *columns: str) -> Table:
    """Head a table: the title stands over the names, units stand in the columns."""
    table = Table(title, box=None, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def conclude(
    title: str, parts: Mapping[str, Sequence[Row]], measured: Measured, counts: Mapping[str, int]
) -> NoReturn:
    """Print the figures, and end with 1 where a bound is broken."""
    Console().print(_tabulate(title, parts, measured, counts))
    rows = (row for part in parts.values() for row in part if row.name in measured)
    sys.exit(any(row.is_broken(measured[row.name]) for row in rows))


def _tabulate(
    title: str, parts: Mapping[str, Sequence[Row]], measured: Measured, counts: Mapping[str, int]
) -> Table:
    """Each figure with its bound; of several the median, and from where to where they go."""
    table = make_table(title, "measured", "least", "greatest", "at most", "")
    for part, rows in parts.items():
        if counts[part]:
            table.add_row(f"{counts[part]:,} {part}", style="bold")
        for row in rows:
            if row.name in measured:
                table.add_row(f"  {row.name}", *_write(row, measured[row.name]))
    return table


def _write(row: Row, values: list[float]) -> list[str]:
    choices = (median, min, max) if len(values) > 1 else (median,)
    figures = [f"{choose(values):.{row.decimals}f}" for choose in choices]
    bound = "" if row.at_most is None else f"{row.at_most:.{row.decimals}f}"
    return [*figures, *[""] * (3 - len(figures)), bound, "BROKEN" if row.is_broken(values) else ""]
