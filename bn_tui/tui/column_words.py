"""What a column of the race says in words and figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text

from bn_tui.config import ExperimentConfig
from bn_tui.events import Phase, Status
from bn_tui.insight.curves import Curve
from bn_tui.insight.numbers import count_right, share
from bn_tui.insight.pace import remaining_seconds, seconds_per_step
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.tui.palette import Look, Palette
from bn_tui.tui.plots import Quantity, judged_curves, training_curve, validation_curve
from bn_tui.tui.words import clock, percent, short, span
from bn_tui.variants import Statistics

#: From this width, the words about progress need one line.
WIDE = 34

#: How many rows of numbers there are without judgements, and with them by the room there is.
ROWS, FEWEST_ROWS, FEWER_ROWS, MORE_ROWS = 4, 3, 6, 7

#: How wide a figure is, and where its name stands above it.
_FIGURE, _HEADED_FIGURE = 6, 10


def write_state(
    variant: VariantHistory | None, palette: Palette, room: int, *, pausing: bool
) -> Text:
    """What it is doing, or how it has ended, in the words that there is room for."""
    state = Phase.WAITING if variant is None else variant.summary.state
    whole, fewer = state, state.split()[0]
    if pausing:
        whole, fewer = f"{state}, will pause", "will pause"
    alarming = variant is not None and variant.summary.status in (Status.FAILED, Status.DIVERGED)
    return Text(whole if len(whole) <= room else fewer, palette.alarm if alarming else "")


def write_progress(
    config: ExperimentConfig, variant: VariantHistory | None, palette: Palette, hue: str, width: int
) -> Text:
    """A bar, how far it is and what remains, how fast it is."""
    steps = 0 if variant is None else variant.summary.steps
    bar = _bar(steps / config.batches, palette, hue, width)
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


def _bar(done: float, palette: Palette, hue: str, width: int) -> Text:
    done_bar, left_bar = palette.bars
    filled = round(min(done, 1.0) * width)
    return Text.assemble((done_bar * filled, hue), (left_bar * (width - filled), palette.faint))


def _pace(config: ExperimentConfig, variant: VariantHistory) -> tuple[str, str]:
    """What remains, and how long a step takes, as far as that is known."""
    left = remaining_seconds(variant, config.batches, config.validate_every)
    pace = seconds_per_step(variant)
    return (
        "" if left is None or left < 1 else f"{clock(left)} left",
        "" if pace is None else f"{1000 * pace:.1f} ms per step",
    )


def write_caption(
    variant: VariantHistory | None, quantity: Quantity, palette: Palette, look: Look, width: int
) -> Text:
    """The quantity, the range of what every step said of it, and what is shaded."""
    title = Text(quantity, "bold")
    gap = Text()
    if variant is not None and quantity is Quantity.ACCURACY:
        gap = _write_gap(variant, palette, look)
    curve = None if variant is None else training_curve(variant, quantity)
    measured = "" if curve is None else palette.spell(span(curve.minimum, curve.maximum))
    if gap and width < WIDE:
        measured = ""
    between = "  " if gap and measured else ""
    room = max(width - len(title) - len(between) - len(gap), 0)
    return Text.assemble(title, (f"{measured:>{room}}", palette.faint), between, gap)


def _write_gap(variant: VariantHistory, palette: Palette, look: Look) -> Text:
    """How far moving averages are behind, on the ground that says so in the chart."""
    gap = variant.judgements.gap
    if gap is None:
        return Text()
    if gap <= 0:
        return Text("no gap", palette.faint)
    return palette.label_ground(f"gap {share(gap, 3)}", look.hue)


def write_starting_share(
    variant: VariantHistory | None, palette: Palette, look: Look, width: int
) -> Text:
    """How much of the moving averages is still their starting value, as a bar."""
    if variant is None:
        return Text()
    share_left = variant.judgements.starting_share.last
    if share_left is None:
        # Before the first look inside, nobody knows whether it keeps any.
        probe = variant.layers.last
        keeps_none = probe is not None and not probe.moving_mean
        return Text("no moving averages" if keeps_none else "", palette.faint)
    label = "starting value left " if width >= WIDE else "start value "
    figure = f" {percent(share_left):>5}"
    bar = _bar(share_left, palette, look.hue, max(width - len(label) - len(figure), 0))
    return Text.assemble((label, palette.faint), bar, figure)


@dataclass(frozen=True, slots=True)
class _Row:
    """A label behind what its curve is drawn with, a loss and an accuracy."""

    label: str
    cue: str = ""
    figures: tuple[str, ...] = ("", "")
    #: Whether it says nothing without its cue, however little room there is.
    needs_cue: bool = False


def write_numbers(  # noqa: PLR0913 -- a variant, its look, and room
    variant: VariantHistory | None,
    palette: Palette,
    look: Look,
    *,
    width: int,
    height: int,
    headed: bool,
) -> Text:
    """The latest of everything, loss and accuracy beside each other, in so many rows.

    Where it is `headed`, the names of both stand in a row more above them.
    """
    if variant is None:
        return Text()
    rows = _choose_rows(variant, palette, look, height)
    figure = _HEADED_FIGURE if headed else _FIGURE
    if headed:
        rows.insert(0, _Row("", figures=tuple(Quantity)))
    cue_width = max(len(row.cue) for row in rows) + 1
    # Where there is room, what the curves are drawn with stands before all names.
    roomy = width >= WIDE
    lines = []
    for row in rows:
        cue = f"{row.cue:<{cue_width}}" if roomy or row.needs_cue else ""
        line = Text.assemble((cue, look.hue), (row.label, palette.faint))
        figures = _write_figures(row, figure, palette)
        line.pad_right(width - line.cell_len - figures.cell_len)
        lines.append(line.append_text(figures))
    return Text("\n").join(lines)


def _write_figures(row: _Row, figure: int, palette: Palette) -> Text:
    loss, accuracy = (f"{each:>{figure}}" if each else "" for each in row.figures)
    if not row.label:
        return Text(f"{loss}{accuracy}", palette.faint)
    return Text.assemble(loss, (accuracy, "bold"))


def _choose_rows(variant: VariantHistory, palette: Palette, look: Look, height: int) -> list[_Row]:
    training, validation, test, samples = _scores(variant, palette, look)
    judged = _judged(variant, palette)
    if not judged:
        return [training, validation, *[_Row("")] * (height - ROWS), test, samples][:height]
    if height < FEWER_ROWS:
        return [*judged, test][:height]
    return [training, *[validation] * (height >= MORE_ROWS), *judged, test, samples]


def _scores(variant: VariantHistory, palette: Palette, look: Look) -> list[_Row]:
    summary = variant.summary
    training, validation = (
        _write_last({quantity: choose(variant, quantity) for quantity in Quantity})
        for choose in (training_curve, validation_curve)
    )
    return [
        _Row("training", palette.glyphs.dots[-1], training),
        _Row("validation", look.marker, validation),
        _Row("test", figures=("", short(summary.test_accuracy))),
        _Row("100 samples", figures=("", count_right(summary.hundred_correct))),
    ]


def _judged(variant: VariantHistory, palette: Palette) -> list[_Row]:
    if not variant.judged:
        return []
    return [
        _Row(
            statistics,
            palette.cue(statistics),
            _write_last({q: judged_curves(variant, q)[statistics] for q in Quantity}),
            needs_cue=True,
        )
        for statistics in Statistics
    ]


def _write_last(curves: Mapping[Quantity, Curve]) -> tuple[str, str]:
    return short(curves[Quantity.LOSS].last), short(curves[Quantity.ACCURACY].last)
