"""A chart over the depth of the network."""

from dataclasses import dataclass

from bn_tui.tui.widgets.pointed_chart import PointedChart


class ProfileChart(PointedChart):
    """Tells each layer that is clicked, counted from 1."""

    #: There are no more points than layers, which need little room.
    FEWEST_COLUMNS = 24
    FEWEST_ROWS = 6

    @dataclass
    class Pointed(PointedChart.Pointed):
        """A person has pointed at layer x."""
