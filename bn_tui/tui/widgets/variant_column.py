"""One variant of the race: how far it is, its two charts, its latest numbers."""

from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from bn_tui.config import ExperimentConfig
from bn_tui.events import Phase, Status
from bn_tui.insight.history import RunHistory
from bn_tui.insight.pace import remaining_seconds, seconds_per_step
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.palette import Look, Palette
from bn_tui.tui.plots import (
    Plotter,
    Quantity,
    training_curve,
    validation_curve,
    waiting_words,
)
from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.widgets.words_view import WordsView
from bn_tui.tui.words import clock, short, span

#: The narrowest column in which nothing is cut.
LEAST_WIDTH = 26


class VariantColumn(Vertical, can_focus=True):
    """A column of the race."""

    DEFAULT_CSS = """
    VariantColumn {
        width: 1fr;
        height: 1fr;
        border: round $panel-lighten-2;
        padding: 0 1;
        border-title-color: $text;
    }
    VariantColumn.-narrow {
        width: 26;
    }
    VariantColumn:focus {
        border: round $accent;
    }
    VariantColumn > .progress {
        height: 3;
    }
    VariantColumn.-wide > .progress {
        height: 2;
    }
    VariantColumn > .caption {
        height: 1;
    }
    VariantColumn > .numbers {
        height: 4;
    }
    """

    # Here, because the row of columns would take these keys for scrolling.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", "Previous variant", show=False),
        Binding("right", "app.focus_next", "Next variant", show=False),
    ]

    def __init__(self, variant: str) -> None:
        super().__init__()
        self.variant = variant
        self._title = Text()

    def compose(self) -> ComposeResult:
        """State, progress, two charts with their captions, numbers."""
        yield WordsView(classes="progress")
        for quantity in Quantity:
            yield WordsView(id=f"{quantity}-caption", classes="caption")
            yield ChartView(id=f"{quantity}-chart")
        yield WordsView(classes="numbers")

    def show(
        self, config: ExperimentConfig, history: RunHistory, palette: Palette, *, pausing: bool
    ) -> None:
        """Show where the variant is, and whether it will pause before its next step."""
        variant = history.variants.get(self.variant)
        look = palette.look(self.variant)
        width = self.content_size.width
        if not width:
            return
        state = _state(variant, palette)
        if pausing:
            state = Text(f"{state}, will pause" if width >= _WIDE else "will pause")
        self._show_title(look, state)
        progress = _progress(config, variant, palette, look.hue, width)
        self.query_one(".progress", WordsView).show(progress)
        self.query_one(".numbers", WordsView).show(_numbers(variant, palette, look, width))
        plotter = Plotter(history, palette)
        words = waiting_words(history, [self.variant])
        for quantity in Quantity:
            caption = _caption(variant, quantity, palette, width)
            self.query_one(f"#{quantity}-caption", WordsView).show(caption)
            key = (plotter.version([self.variant], quantity, width), words)
            build = partial(plotter.chart, [self.variant], quantity)
            self.query_one(f"#{quantity}-chart", ChartView).show(key, palette, build)

    def _show_title(self, look: Look, state: Text) -> None:
        title = Text.assemble((f"{look.marker} ", look.hue), (self.variant, "bold"), " ", state)
        if title != self._title:
            self._title = title
            self.border_title = title

    def on_resize(self, event: events.Resize) -> None:
        """Put how far it is and how fast into one line where that is long enough."""
        self.set_class(event.size.width >= _WIDE, "-wide")


#: From this width, the words about progress need one line.
_WIDE = 34

_LABEL = 10
_FIGURE = 6


def _state(variant: VariantHistory | None, palette: Palette) -> Text:
    if variant is None:
        return Text(Phase.WAITING)
    status = variant.summary.status
    alarming = status in (Status.FAILED, Status.DIVERGED)
    return Text(variant.summary.state, palette.alarm if alarming else "")


def _progress(
    config: ExperimentConfig, variant: VariantHistory | None, palette: Palette, hue: str, width: int
) -> Text:
    """A bar, how far it is and what remains, how fast it is."""
    steps = 0 if variant is None else variant.summary.steps
    done_bar, left_bar = palette.bars
    filled = round(steps / config.batches * width)
    bar = Text.assemble((done_bar * filled, hue), (left_bar * (width - filled), palette.faint))
    count = f"{steps:,}/{config.batches:,}"
    if variant is not None and variant.summary.reason is not None:
        reason = Text(variant.summary.reason, palette.alarm)
        return Text.assemble(bar, "\n", f"{count} " if width >= _WIDE else "", reason)
    remaining, speed = ("", "") if variant is None else _pace(config, variant)
    if width >= _WIDE:
        gap = width - len(count) - len(remaining)
        return Text.assemble(bar, "\n", count, (f"{speed:^{gap}}", palette.faint), remaining)
    gap = width - len(count)
    return Text.assemble(bar, "\n", count, f"{remaining:>{gap}}", "\n", (speed, palette.faint))


def _pace(config: ExperimentConfig, variant: VariantHistory) -> tuple[str, str]:
    """What remains, and how long a step takes, as far as that is known."""
    left = remaining_seconds(variant, config.batches, config.validate_every)
    pace = seconds_per_step(variant)
    return (
        "" if left is None or left < 1 else f"{clock(left)} left",
        "" if pace is None else f"{1000 * pace:.1f} ms per step",
    )


def _caption(
    variant: VariantHistory | None, quantity: Quantity, palette: Palette, width: int
) -> Text:
    """The quantity and the range of what every step said of it."""
    curve = None if variant is None else training_curve(variant, quantity)
    measured = "" if curve is None else palette.spell(span(curve.minimum, curve.maximum))
    gap = max(width - len(quantity), 0)
    return Text.assemble((quantity, "bold"), (f"{measured:>{gap}}", palette.faint))


def _numbers(variant: VariantHistory | None, palette: Palette, look: Look, width: int) -> Text:
    """The latest of everything, loss and accuracy beside each other."""
    if variant is None:
        return Text("\n" * 3)
    summary = variant.summary
    figures = {
        curves: [short(curves(variant, quantity).last) for quantity in Quantity]
        for curves in (training_curve, validation_curve)
    }
    label_width = max(_LABEL, width - 2 * _FIGURE)
    # Where there is room, what the curves are drawn with stands before their names.
    roomy = label_width > _LABEL + 2
    return Text("\n").join(
        Text.assemble(
            (cue, look.hue),
            (f"{label:<{label_width - len(cue)}}", palette.faint),
            f"{loss:>{_FIGURE}}",
            (f"{accuracy:>{_FIGURE}}", "bold"),
        )
        for cue, label, (loss, accuracy) in (
            (f"{palette.glyphs.dots[-1]} " * roomy, "training", figures[training_curve]),
            (f"{look.marker} " * roomy, "validation", figures[validation_curve]),
            ("  " * roomy, "test", ("", short(summary.test_accuracy))),
            ("  " * roomy, "one by one", ("", _count(summary.hundred_correct))),
        )
    )


def _count(correct: tuple[bool, ...] | None) -> str:
    return "-" if correct is None else f"{sum(correct)}/{len(correct)}"
