"""How numbers are written, once for the log, the screens and the findings."""

from collections.abc import Sequence

from bn_tui.events import DataProgressed, Unit
from bn_tui.insight.judgements import judged
from bn_tui.insight.summary import VariantSummary
from bn_tui.variants import Statistics

#: The columns of the final table, behind the variant's name; `result_cells` fills them.
RESULT_HEADERS = ("validation", "test", "100 samples", "ms per step", "seconds")


def result_cells(variant: VariantSummary) -> tuple[str, ...]:
    """Write what there is of a variant's results, one cell for each of RESULT_HEADERS."""
    milliseconds = None if variant.seconds_per_step is None else 1000 * variant.seconds_per_step
    return (
        figure(variant.validation_accuracy, ".4f"),
        figure(variant.test_accuracy, ".4f"),
        count_right(variant.hundred_correct),
        figure(milliseconds, ".1f"),
        figure(variant.train_seconds, ".1f"),
    )


#: The columns of what was looked at inside, behind the variant's name; `probed_cells` fills them.
PROBED_HEADERS = (*Statistics, "probing took")


def probed_cells(variant: VariantSummary) -> tuple[str, ...]:
    """Write validation accuracies with each kind of statistics, and what all probes took."""
    comparison = variant.comparison
    accuracies = (
        None if comparison is None else judged(comparison, statistics)[1]
        for statistics in Statistics
    )
    return (*(figure(accuracy, ".4f") for accuracy in accuracies), probing_cost(variant))


def probing_cost(variant: VariantSummary) -> str:
    """Write the seconds that all probes took, and how many per cent they add to training."""
    if not variant.probed:
        return "-"
    seconds = f"{variant.probe_seconds:.1f} s"
    if not variant.train_seconds:
        return seconds
    return f"{seconds} (+{variant.probe_seconds / variant.train_seconds:.0%})".replace("%", " %")


def figure(value: float | None, form: str) -> str:
    """Write a number, or a dash where there is none."""
    return "-" if value is None else format(value, form)


def count_right(correct: Sequence[bool] | None) -> str:
    """Write how many answers are right, 99/100, or a dash where nothing was asked."""
    return "-" if correct is None else f"{sum(correct)}/{len(correct)}"


def share(value: float, decimals: int = 4) -> str:
    """Write an accuracy 0…1 as running text has it: .9625, and 1.0000 where it is all."""
    return f"{value:.{decimals}f}".removeprefix("0")


def percent(value: float) -> str:
    """Write a share 0…1 in hundredths, to whole ones or to two digits: 37 %, 0.46 %."""
    hundredths = 100 * value
    return f"{hundredths:.0f} %" if hundredths >= 9.5 else f"{hundredths:.2g} %"


def interval(bounds: tuple[float, float]) -> str:
    """Write from where to where a share lies: .95–1.00."""
    return "–".join(share(bound, 2) for bound in bounds)


def amount(event: DataProgressed) -> str:
    """Write how much of a download or a drawing is done: 12.3/45.6 MB."""
    if event.unit is Unit.BYTES:
        return f"{event.done / 1e6:.1f}/{event.total / 1e6:.1f} MB"
    return f"{event.done:,}/{event.total:,} {event.unit}"
