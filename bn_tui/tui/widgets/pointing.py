"""What follows a person's pointer from where the button is pressed to where it is let go."""

from textual import events
from textual.widget import Widget


class Pointing(Widget):
    """Is told of each cell that is clicked, and of those that the pointer is dragged over."""

    ALLOW_SELECT = False

    def point(self, column: int, row: int) -> None:
        """Do what pointing at a cell does; both are counted from 0, and may lie outside."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Follow the pointer until the button is let go, wherever it leads."""
        if event.button == 1:
            self.capture_mouse()
            self.point(int(event.x), int(event.y))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell where the pointer is dragged to."""
        if self.app.mouse_captured is self:
            self.point(int(event.x), int(event.y))

    def on_mouse_up(self) -> None:
        """Follow no longer."""
        self.release_mouse()
