"""What the table of results says of each variant, in words and figures."""

from dataclasses import dataclass

from bn_tui.events import Status
from bn_tui.insight.curves import Curve
from bn_tui.insight.history import RunHistory
from bn_tui.insight.intervals import wilson
from bn_tui.insight.judgements import judged
from bn_tui.insight.milestones import MILESTONES, steps_to
from bn_tui.insight.numbers import count_right, figure, interval, probing_cost, share
from bn_tui.insight.pace import seconds_per_step
from bn_tui.insight.summary import VariantSummary
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.variants import Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One row of the table, each figure as it is written; what is not there yet is a dash.

    The intervals are those of 95 %, and empty where nothing was counted. `milestones` are the
    steps at which each of MILESTONES was reached. `alarming` tells an end that nobody asked for.
    `probed` are the accuracies with each kind of statistics, how much moving averages lack to the
    better of the others, and what all probes took; empty where nobody looked inside.
    """

    variant: str
    state: str
    alarming: bool
    validation: str
    test: str
    test_interval: str
    samples: str
    samples_interval: str
    milestones: tuple[str, ...]
    milliseconds: str
    seconds: str
    probed: tuple[str, ...] = ()


def score_variant(name: str, history: RunHistory) -> Score:
    """Write down what there is of a variant, which need not have begun."""
    variant = history.variants.get(name) or VariantHistory(VariantSummary())
    summary = variant.summary
    step_seconds = seconds_per_step(variant)
    return Score(
        variant=name,
        state=summary.state,
        alarming=summary.status in (Status.DIVERGED, Status.FAILED),
        validation=_accuracy(summary.validation_accuracy),
        test=_accuracy(summary.test_accuracy),
        test_interval=_test_interval(summary.test_accuracy, history),
        samples=count_right(summary.hundred_correct),
        samples_interval=_samples_interval(summary.hundred_correct),
        milestones=tuple(_step(variant.validation_accuracy, goal) for goal in MILESTONES),
        milliseconds=figure(None if step_seconds is None else 1000 * step_seconds, ".1f"),
        seconds=figure(variant.step_times.total, ".1f"),
        probed=_probed(variant) if summary.probed else (),
    )


def _probed(variant: VariantHistory) -> tuple[str, ...]:
    comparison, gap = variant.summary.comparison, variant.judgements.gap
    accuracies = (
        None if comparison is None else judged(comparison, statistics)[1]
        for statistics in Statistics
    )
    return (
        *(_accuracy(accuracy) for accuracy in accuracies),
        _accuracy(gap, 3),
        probing_cost(variant.summary),
    )


def _accuracy(value: float | None, decimals: int = 4) -> str:
    return "-" if value is None else share(value, decimals)


def _step(curve: Curve, accuracy: float) -> str:
    return figure(steps_to(curve, accuracy), ",")


def _test_interval(accuracy: float | None, history: RunHistory) -> str:
    data = history.summary.test_data
    if accuracy is None or data is None:
        return ""
    bounds = wilson(round(accuracy * data.test_images), data.test_images)
    return "–".join(share(bound) for bound in bounds)


def _samples_interval(correct: tuple[bool, ...] | None) -> str:
    return "" if correct is None else interval(wilson(sum(correct), len(correct)))
