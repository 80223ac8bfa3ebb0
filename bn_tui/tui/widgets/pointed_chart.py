"""A chart that says where a person points."""

from dataclasses import dataclass

from textual.message import Message

from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.widgets.pointing import Pointing


class PointedChart(ChartView, Pointing):
    """Tells each x that is clicked, and those that the pointer is dragged over."""

    @dataclass
    class Pointed(Message):
        """A person has pointed at x."""

        x: float

    def point(self, column: int, row: int) -> None:  # noqa: ARG002 -- any row says the same
        """Tell the x that a column stands for."""
        x = self.x_at(column)
        if x is not None:
            self.post_message(self.Pointed(x))
