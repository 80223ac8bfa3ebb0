"""What takes from the drawn screen what a terminal or a person does not want."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

#: From which difference between two colours, 0…255 in any of red, green and blue, one of them
#: stands out on the other.
_STANDS_OUT = 128


class WithoutColor(LineFilter):
    """Leaves every cell in the terminal's own colours; bold, reverse and underline stay.

    What only its ground has made stand out, as cursors do and what has the focus, is reversed.
    `ground` gives the colour behind everything.
    """

    def __init__(self, ground: Callable[[], Color]) -> None:
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments of one line without their colours."""
        del background  # that of the widget, which may be what stands out
        ground = self._ground()
        return [
            Segment(text, style and _without_color(style, ground), control)
            for text, style, control in segments
        ]


def _without_color(style: Style, ground: Color) -> Style:
    plain = style.without_color
    return plain + Style(reverse=True) if _stands_out(style, ground) else plain


def _stands_out(style: Style, ground: Color) -> bool:
    if style.bgcolor is None or style.bgcolor.is_default or style.reverse:
        return False
    channels = zip(style.bgcolor.get_truecolor(), ground.rgb, strict=True)
    return any(abs(one - other) >= _STANDS_OUT for one, other in channels)
