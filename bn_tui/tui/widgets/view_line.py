"""How a person looks at the curves, in words beside the keys that change it."""

from bn_tui.insight.buckets import Axis
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import View
from bn_tui.tui.widgets.statement_line import Statement, StatementLine
from bn_tui.tui.x_axis import XAxis


class ViewLine(StatementLine):
    """States the view of the overlay."""

    def show(self, view: View, axis: XAxis, variants: tuple[str, ...], palette: Palette) -> None:
        """State how the variants are looked at."""
        self.state(_state(view, axis, variants, palette), palette)


def _state(view: View, axis: XAxis, variants: tuple[str, ...], palette: Palette) -> list[Statement]:
    unit = "training seconds" if view.axis is Axis.SECONDS else str(view.axis)
    smoothing = f"{view.smoothing:g}"[1:] if view.smoothing else "off"
    arrows = "<>" if palette.ascii_only else "←→"
    cursor = "off" if view.cursor is None else f"at {_place(view.cursor, axis)}"
    stated = [
        Statement("x", "axis", unit, press="x"),
        Statement("l", "loss", "log" if view.log_loss else "linear", press="l"),
        Statement("+-", "smoothing", smoothing),
        Statement(arrows, "cursor", cursor),
    ]
    hidden = [name for name in variants if name in view.hidden]
    return [*stated, Statement("h", "hidden", ", ".join(hidden))] if hidden else stated


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
