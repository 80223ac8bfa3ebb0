"""How a person looks at the curves, in words beside the keys that change it."""

from typing import ClassVar

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from bn_tui.insight.buckets import Axis
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import View
from bn_tui.tui.x_axis import XAxis

_GAP = "   "

Statement = tuple[str, str, str]
"""A key, what it changes, and how that is now."""


class ViewLine(Widget):
    """States the view, so that a picture of the screen explains itself."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"view-line--key"}
    DEFAULT_CSS = """
    ViewLine {
        height: auto;
        padding: 0 1;
    }
    ViewLine .view-line--key {
        color: $footer-key-foreground;
        text-style: bold;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._stated: list[Statement] = []
        self._palette: Palette | None = None

    def show(self, view: View, axis: XAxis, variants: tuple[str, ...], palette: Palette) -> None:
        """State how the variants are looked at."""
        stated = _state(view, axis, variants, palette)
        if (stated, palette) == (self._stated, self._palette):
            return
        self._stated, self._palette = stated, palette
        width = self.content_size.width
        self.refresh(layout=len(_break(stated, width)) != self.content_size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One line, or more where there is less room."""
        return len(_break(self._stated, width))

    def render(self) -> Text:
        """Draw the line."""
        if self._palette is None:
            return Text()
        key_style = self.get_component_rich_style("view-line--key", partial=True)
        faint, ink = self._palette.faint, self._palette.ink
        lines = [
            Text(_GAP).join(
                Text.assemble((key, key_style), (f" {name} ", faint), (value, ink))
                for key, name, value in line
            )
            for line in _break(self._stated, self.content_size.width)
        ]
        return Text("\n").join(lines)


def _break(stated: list[Statement], width: int) -> list[list[Statement]]:
    """Put as many on a line as fit."""
    lines: list[list[Statement]] = [[]]
    room = width
    for statement in stated:
        length = len(" ".join(statement))
        if lines[-1] and length > room:
            lines.append([])
            room = width
        lines[-1].append(statement)
        room -= length + len(_GAP)
    return lines


def _state(view: View, axis: XAxis, variants: tuple[str, ...], palette: Palette) -> list[Statement]:
    unit = "training seconds" if view.axis is Axis.SECONDS else str(view.axis)
    smoothing = f"{view.smoothing:g}"[1:] if view.smoothing else "off"
    arrows = "<>" if palette.ascii_only else "←→"
    cursor = "off" if view.cursor is None else f"at {_place(view.cursor, axis)}"
    stated = [
        ("x", "axis", unit),
        ("l", "loss", "log" if view.log_loss else "linear"),
        ("+-", "smoothing", smoothing),
        (arrows, "cursor", cursor),
    ]
    hidden = [name for name in variants if name in view.hidden]
    return [*stated, ("h", "hidden", ", ".join(hidden))] if hidden else stated


def _place(cursor: float, axis: XAxis) -> str:
    bucket = axis.bucket_at(cursor)
    steps = f"step {bucket.last_step:,}"
    if bucket.count > 1:
        steps = f"steps {bucket.first_step:,} to {bucket.last_step:,}"
    match axis.kind:
        case Axis.STEP:
            return steps
        case Axis.EPOCH:
            return f"epoch {cursor:.3f}, {steps}"
        case Axis.SECONDS:
            # Every variant is at another step by then, which the legend says.
            return f"{cursor:.2f} s"
