"""What takes from the drawn screen what a terminal or a person does not want."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class WithoutColor(LineFilter):
    """Leaves every cell in the terminal's own colours; bold, reverse and underline stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments of one line without their colours."""
        del background
        return [
            Segment(text, style and style.without_color, control)
            for text, style, control in segments
        ]
