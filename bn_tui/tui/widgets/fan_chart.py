"""A chart of one layer over the steps."""

from dataclasses import dataclass

from bn_tui.tui.widgets.pointed_chart import PointedChart


class FanChart(PointedChart):
    """Tells each step that is clicked."""

    #: With axes even so, to stand below the steps of a map.
    FEWEST_ROWS = 5

    @dataclass
    class Pointed(PointedChart.Pointed):
        """A person has pointed at step x."""
