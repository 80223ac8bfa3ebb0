"""What is the matter with a variant, in a word or two each."""

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from bn_tui.tui.palette import Palette


def write_badges(badges: Sequence[str], palette: Palette, room: int) -> Text:
    """Write as many badges beside each other as there is room for.

    The last one says how many more there are; without room for any, their number is all.
    """
    style = Style(color=palette.ink, bgcolor=palette.fade(palette.alarm))
    left, right = "[]" if palette.colorless else "  "
    for shown in range(len(badges), 0, -1):
        *before, last = badges[:shown]
        more = f" +{len(badges) - shown}" if shown < len(badges) else ""
        labels = [*before, f"{last}{more}"]
        written = Text(" ").join(Text(f"{left}{label}{right}", style) for label in labels)
        if len(written) <= room:
            return written
    return Text(f"{left}{len(badges)}{right}", style) if badges else Text()
