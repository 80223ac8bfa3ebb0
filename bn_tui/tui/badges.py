"""What is the matter with a variant, in a word or two each."""

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from bn_tui.tui.palette import Palette


def write_badges(badges: Sequence[str], palette: Palette, room: int) -> Text:
    """Write as many badges beside each other as there is room for, and how many more there are."""
    style = Style(color=palette.ink, bgcolor=palette.fade(palette.alarm))
    left, right = "[]" if palette.colorless else "  "
    for shown in range(len(badges), 0, -1):
        more = [f"+{len(badges) - shown}"] if shown < len(badges) else []
        written = Text(" ").join(
            Text(f"{left}{badge}{right}", style) for badge in [*badges[:shown], *more]
        )
        if len(written) <= room:
            return written
    return Text(f"{left}{len(badges)}{right}", style) if badges else Text()
