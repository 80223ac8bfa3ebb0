"""What a column of the race says of its variant."""

from collections.abc import Callable

from rich.text import Text

from bn_tui.config import ExperimentConfig
from bn_tui.events import Phase, Status
from bn_tui.insight.curves import Curve
from bn_tui.insight.numbers import count_right
from bn_tui.insight.pace import remaining_seconds, seconds_per_step
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.palette import Look, Palette
from bn_tui.tui.plots import Quantity, training_curve, validation_curve
from bn_tui.tui.words import clock, short, span

#: From this width, the words about progress need one line.
WIDE = 34

#: What of a column's width its title cannot have.
_AROUND_TITLE = 2

#: How wide a figure is, and where its name stands above it.
_FIGURE, _HEADED_FIGURE = 6, 10


def write_title(
    name: str, variant: VariantHistory | None, palette: Palette, width: int, *, pausing: bool
) -> Text:
    """Name the variant, and say its state in the words that there is room for."""
    look = palette.look(name)
    state = Phase.WAITING if variant is None else variant.summary.state
    whole, fewer = state, state.split()[0]
    if pausing:
        whole, fewer = f"{state}, will pause", "will pause"
    alarming = variant is not None and variant.summary.status in (Status.FAILED, Status.DIVERGED)
    title = Text.assemble((f"{look.marker} ", look.hue), (name, "bold"), " ")
    fits = title.cell_len + len(whole) <= width - _AROUND_TITLE
    return title.append(whole if fits else fewer, palette.alarm if alarming else "")


def write_progress(
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
        return Text.assemble(bar, "\n", f"{count} " if width >= WIDE else "", reason)
    remaining, speed = ("", "") if variant is None else _pace(config, variant)
    if width >= WIDE:
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


def write_caption(
    variant: VariantHistory | None, quantity: Quantity, palette: Palette, width: int
) -> Text:
    """The quantity and the range of what every step said of it."""
    curve = None if variant is None else training_curve(variant, quantity)
    measured = "" if curve is None else palette.spell(span(curve.minimum, curve.maximum))
    gap = max(width - len(quantity), 0)
    return Text.assemble((quantity, "bold"), (f"{measured:>{gap}}", palette.faint))


def write_numbers(
    variant: VariantHistory | None, palette: Palette, look: Look, width: int, *, headed: bool
) -> Text:
    """The latest of everything, loss and accuracy beside each other."""
    if variant is None:
        return Text()
    summary = variant.summary
    figure = _HEADED_FIGURE if headed else _FIGURE

    def pair(curves: Callable[[VariantHistory, Quantity], Curve]) -> Text:
        loss, accuracy = (short(curves(variant, quantity).last) for quantity in Quantity)
        return Text.assemble(f"{loss:>{figure}}", (f"{accuracy:>{figure}}", "bold"))

    rows = [
        (palette.glyphs.dots[-1], "training", pair(training_curve)),
        (look.marker, "validation", pair(validation_curve)),
        (" ", "test", Text(short(summary.test_accuracy), "bold")),
        (" ", "100 samples", Text(count_right(summary.hundred_correct), "bold")),
    ]
    if headed:
        names = "".join(f"{quantity:>{figure}}" for quantity in Quantity)
        rows.insert(0, (" ", "", Text(names, palette.faint)))
    lines = []
    for cue, label, figures in rows:
        # Where there is room, what the curves are drawn with stands before their names.
        line = Text.assemble((f"{cue} " * (width >= WIDE), look.hue), (label, palette.faint))
        line.pad_right(width - line.cell_len - figures.cell_len)
        lines.append(line.append_text(figures))
    return Text("\n").join(lines)
