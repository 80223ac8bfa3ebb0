"""Charts of a run in plain text, which no colour tells apart: a marker for each variant."""

from collections.abc import Callable
from dataclasses import replace

from bn_tui.insight.buckets import Bucket
from bn_tui.insight.curves import Curve
from bn_tui.insight.history import RunHistory
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.charts import draw_chart
from bn_tui.tui.drawing import UNICODE, Chart, Line, Stroke
from bn_tui.tui.palette import Look, Palette
from bn_tui.tui.plots import Plotter, Quantity

WIDTH, HEIGHT = 96, 16

#: Into how many parts a long curve is taken together, so that its markers stand apart.
_PARTS = 24

_PALETTE = Palette(UNICODE, dark=False, ink="#000000", faint="#000000", alarm="#000000")


def draw_charts(history: RunHistory) -> str:
    """Draw loss and accuracy of all variants below each other, with a legend.

    Of training loss each marker is a mean over part of the batches; of validation accuracy it is
    one validation, or a mean where there are too many.
    """
    palette = replace(_PALETTE, variants=tuple(history.variants))
    legend = "   ".join(f"{palette.look(name).marker} {name}" for name in history.variants)
    return "\n".join(
        (
            legend,
            "",
            "training loss (means over batches)",
            _draw(history, palette, Quantity.LOSS, lambda variant: variant.training_loss),
            "",
            "validation accuracy",
            _draw(history, palette, Quantity.ACCURACY, lambda variant: variant.validation_accuracy),
        )
    )


def _draw(
    history: RunHistory,
    palette: Palette,
    quantity: Quantity,
    choose: Callable[[VariantHistory], Curve],
) -> str:
    curves = {name: choose(variant) for name, variant in history.variants.items()}
    last = max((variant.summary.steps - 1 for variant in history.variants.values()), default=0)
    x_range = 0.0, float(max(last, 1))
    chart = Chart(
        lines=tuple(
            _line(name, palette.look(name), curve, x_range) for name, curve in curves.items()
        ),
        x_range=x_range,
        y_range=Plotter(history, palette).y_range(quantity),
        x_label="step",
        waiting="nothing was measured",
    )
    drawn = draw_chart(chart, WIDTH, HEIGHT, UNICODE, ink=palette.ink, faint=palette.faint)
    return "\n".join(line.rstrip() for line in drawn.plain.splitlines())


def _line(name: str, look: Look, curve: Curve, x_range: tuple[float, float]) -> Line:
    parts = curve.resample(_PARTS, *x_range)
    values = tuple(part.mean for part in parts)
    return Line(
        label=name,
        hue=look.hue,
        stroke=Stroke.MARKS,
        marker=look.marker,
        xs=tuple(map(_middle, parts)),
        lows=values,
        highs=values,
    )


def _middle(part: Bucket) -> float:
    return (part.first_step + part.last_step) / 2
