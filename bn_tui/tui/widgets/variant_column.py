"""One variant of the race: how far it is, its two charts, its latest numbers."""

from functools import partial

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from bn_tui.config import ExperimentConfig
from bn_tui.events import Phase
from bn_tui.insight.history import RunHistory, VariantHistory
from bn_tui.insight.pace import remaining_seconds, seconds_per_step
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import (
    Plotter,
    Quantity,
    training_curve,
    validation_curve,
    waiting_words,
)
from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.words import clock, short, span


class VariantColumn(Vertical, can_focus=True):
    """A column of the race."""

    DEFAULT_CSS = """
    VariantColumn {
        width: 1fr;
        min-width: 26;
        height: 1fr;
        border: round $panel-lighten-2;
        padding: 0 1;
        border-title-color: $text;
    }
    VariantColumn:focus {
        border: round $accent;
    }
    VariantColumn > Static {
        height: auto;
    }
    VariantColumn > .caption {
        height: 1;
    }
    """

    def __init__(self, variant: str) -> None:
        super().__init__(id=f"column-{variant}")
        self.variant = variant

    def compose(self) -> ComposeResult:
        """State, progress, two charts with their captions, numbers."""
        yield Static(classes="progress")
        for quantity in Quantity:
            yield Static(id=f"{quantity}-caption", classes="caption")
            yield ChartView(id=f"{quantity}-chart")
        yield Static(classes="numbers")

    def show(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Show where the variant is."""
        variant = history.variants.get(self.variant)
        look = palette.look(self.variant)
        self.border_title = Text.assemble(
            (f"{look.marker} ", look.hue), (self.variant, "bold"), f" {_state(variant)}"
        )
        width = self.content_size.width
        progress = _progress(config, variant, palette, look.hue, width)
        self.query_one(".progress", Static).update(progress)
        self.query_one(".numbers", Static).update(_numbers(variant, palette, width))
        plotter = Plotter(history, palette)
        version = 0 if variant is None else variant.version
        for quantity in Quantity:
            caption = _caption(variant, quantity, palette, width)
            self.query_one(f"#{quantity}-caption", Static).update(caption)
            # The axes are shared, so the other variants may change this chart too.
            scale = plotter.x_range, plotter.y_range(quantity)
            words = waiting_words(history, [self.variant])
            build = partial(plotter.chart, [self.variant], quantity)
            chart = self.query_one(f"#{quantity}-chart", ChartView)
            chart.show((version, scale, words), palette, build)


_LABEL = 10
_FIGURE = 6


def _state(variant: VariantHistory | None) -> str:
    if variant is None:
        return Phase.WAITING
    return variant.summary.status or variant.summary.phase


def _progress(
    config: ExperimentConfig, variant: VariantHistory | None, palette: Palette, hue: str, width: int
) -> Text:
    """A bar, how far it is and what remains, how fast it is."""
    steps = 0 if variant is None else variant.summary.steps
    done_bar, left_bar = palette.bars
    filled = round(steps / config.batches * width)
    bar = Text.assemble((done_bar * filled, hue), (left_bar * (width - filled), palette.faint))
    count = f"{steps:,}/{config.batches:,}"
    remaining, speed = ("", "") if variant is None else _pace(config, variant)
    if width >= len(count) + len(speed) + len(remaining) + 4:
        gap = width - len(count) - len(remaining)
        return Text.assemble(bar, "\n", count, (f"{speed:^{gap}}", palette.faint), remaining)
    gap = width - len(count)
    return Text.assemble(bar, "\n", count, f"{remaining:>{gap}}", "\n", (speed, palette.faint))


def _pace(config: ExperimentConfig, variant: VariantHistory) -> tuple[str, str]:
    """What remains, and how long a step takes, as far as that is known."""
    left = remaining_seconds(variant, config.batches, config.validate_every)
    pace = seconds_per_step(variant)
    return (
        "" if left is None else f"{clock(left)} left",
        "" if pace is None else f"{1000 * pace:.1f} ms per step",
    )


def _caption(
    variant: VariantHistory | None, quantity: Quantity, palette: Palette, width: int
) -> Text:
    """The quantity and the range of what every step said of it."""
    curve = None if variant is None else training_curve(variant, quantity)
    measured = "" if curve is None else span(curve.minimum, curve.maximum)
    gap = max(width - len(quantity), 0)
    return Text.assemble((quantity, "bold"), (f"{measured:>{gap}}", palette.faint))


def _numbers(variant: VariantHistory | None, palette: Palette, width: int) -> Text:
    """The latest of everything, loss and accuracy beside each other."""
    if variant is None:
        return Text("\n" * 3)
    summary = variant.summary
    training = [training_curve(variant, quantity).last for quantity in Quantity]
    validation = [validation_curve(variant, quantity).last for quantity in Quantity]
    rows = {
        "training": training,
        "validation": validation,
        "test": [None, summary.test_accuracy],
        "100 alone": [None, summary.hundred_accuracy],
    }
    label_width = max(_LABEL, width - 2 * _FIGURE)
    return Text("\n").join(
        Text.assemble(
            (f"{label:<{label_width}}", palette.faint),
            f"{'' if loss is None else short(loss):>{_FIGURE}}",
            (f"{short(accuracy):>{_FIGURE}}", "bold"),
        )
        for label, (loss, accuracy) in rows.items()
    )
