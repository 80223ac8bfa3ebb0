"""A chart that says where a person points."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from bn_tui.tui.widgets.chart_view import ChartView


class PointedChart(ChartView):
    """Tells each x that is clicked, and those that the pointer is dragged over."""

    ALLOW_SELECT = False

    @dataclass
    class Pointed(Message):
        """A person has pointed at x."""

        x: float

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Follow the pointer until the button is let go, wherever it leads."""
        if event.button == 1:
            self.capture_mouse()
            self._point(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell where the pointer is dragged to."""
        if self.app.mouse_captured is self:
            self._point(event)

    def on_mouse_up(self) -> None:
        """Follow no longer."""
        self.release_mouse()

    def _point(self, event: events.MouseEvent) -> None:
        x = self.x_at(int(event.x))
        if x is not None:
            self.post_message(self.Pointed(x))
