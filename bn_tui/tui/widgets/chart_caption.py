"""What a chart shows, and what its curves are drawn with."""

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import Quantity, View
from bn_tui.variants import Statistics


class ChartCaption(Widget):
    """The quantity, and as far as there is room a key to the strokes."""

    DEFAULT_CSS = """
    ChartCaption {
        height: 1;
    }
    """

    def __init__(self, quantity: Quantity) -> None:
        super().__init__()
        self._quantity = quantity
        self._shown: tuple[View, Palette, bool] | None = None

    def show(self, view: View, palette: Palette, *, judged: bool) -> None:
        """Describe the chart as it is looked at, and whether weights are judged in several ways."""
        if self._shown != (view, palette, judged):
            self._shown = view, palette, judged
            self.refresh()

    def render(self) -> Text:
        """Draw the caption."""
        title = Text(self._quantity, "bold", no_wrap=True)
        if self._shown is None:
            return title
        view, palette, judged = self._shown
        if view.log_loss and self._quantity is Quantity.LOSS:
            title.append(", log", "not bold")
        for words, shaded in _keys(self._quantity, view, palette, judged=judged):
            gap = Text()
            if shaded is not None:
                gap = palette.label_ground(f"gap of {shaded}", palette.look(shaded).hue)
            room = self.size.width - len(title) - len(gap)
            if len(words) + 2 <= room:
                style = Style(bold=False, color=palette.faint)
                return title.append(words.rjust(room), style).append_text(gap)
        return title


def _keys(
    quantity: Quantity, view: View, palette: Palette, *, judged: bool
) -> list[tuple[str, str | None]]:
    """What strokes mean, and which variant has the shaded ground; the fullest first."""
    glyphs = palette.glyphs
    cues = {"training": glyphs.dots[-1], "validation": glyphs.markers[0]}
    if view.smoothing:
        cues = {"raw": glyphs.dots[-1], "smooth": glyphs.dash, "validation": glyphs.markers[0]}
    splits = " ".join(f"{cue} {name}" for name, cue in cues.items())
    if not judged:
        return [(splits, None)]
    judgements = " ".join(f"{palette.cue(each).strip()} {each}" for each in Statistics)
    everything = f"{splits} {judgements}"
    if quantity is Quantity.LOSS:
        return [(everything, None), (splits, None)]
    return [(f"{everything} ", view.shaded), (f"{judgements} ", view.shaded), (judgements, None)]
