"""Which columns of an x axis are labelled, and with what."""

from itertools import pairwise

from bn_tui.tui.grid import Grid
from bn_tui.tui.scales import round_ticks, short_labels

Labels = dict[int, str]
"""The number of a column from the left → what is written below it."""

_COLUMNS_PER_TICK, _MOST_TICKS = 7, 8


def label_columns(grid: Grid) -> Labels:
    """As many round numbers as there is room for; each label needs its own width on either side.

    With less room plotext moves a label aside, and which one depends on the order of a set.
    """
    count = min(grid.columns // _COLUMNS_PER_TICK, _MOST_TICKS)
    counted = grid.x.high - grid.x.low >= 2  # less is part of an epoch, say
    for fewer in range(count, 0, -1):
        ticks = round_ticks(grid.x, fewer, whole=counted)
        labels = short_labels(ticks)
        columns = [grid.column(tick) for tick in ticks]
        room = 2 * max(map(len, labels), default=0)
        if ticks and all(after - before > room for before, after in pairwise(columns)):
            return dict(zip(columns, labels, strict=True))
    return {0: short_labels([grid.x.low])[0]}
