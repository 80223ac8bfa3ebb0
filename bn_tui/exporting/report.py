"""A run as a report in Markdown, fit to paste in a pull request."""

from collections.abc import Iterator
from datetime import UTC

from bn_tui.config import ExperimentConfig
from bn_tui.events import Status
from bn_tui.exporting.markdown import code, escape, table
from bn_tui.exporting.record import Record
from bn_tui.insight.findings import findings
from bn_tui.insight.history import RunHistory
from bn_tui.insight.intervals import wilson
from bn_tui.insight.lines import count_batches, describe_data
from bn_tui.insight.milestones import MILESTONES, steps_to
from bn_tui.insight.numbers import (
    PROBED_HEADERS,
    RESULT_HEADERS,
    count_right,
    figure,
    interval,
    probed_cells,
    result_cells,
)
from bn_tui.insight.variant_history import VariantHistory
from bn_tui.options import OPTIONS


def render_report(record: Record) -> Iterator[bytes]:
    """Give the report, its parts with an empty line between."""
    # Only here, because it loads Textual and plotext.
    from bn_tui.exporting.text_charts import draw_charts  # noqa: PLC0415

    history = record.history()
    parts = [
        f"## bn-tui, {record.began.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        *_describe_what_ran(record, history),
        _tabulate(history),
        "\n".join(f"- {escape(sentence)}" for sentence in findings(history)),
        f"```text\n{draw_charts(history)}\n```",
        _describe_environment(record),
    ]
    yield "\n\n".join(part for part in parts if part).encode() + b"\n"


def _describe_what_ran(record: Record, history: RunHistory) -> Iterator[str]:
    summary = history.summary
    if summary.train_data is not None:
        yield f"{escape(describe_data(summary.train_data))}."
        if summary.test_data is not summary.train_data and summary.test_data is not None:
            yield f"{escape(describe_data(summary.test_data))}."
    settings = _changed_settings(record.config)
    yield f"Settings: {settings}." if settings else "Settings: the defaults."


def _changed_settings(config: ExperimentConfig) -> str:
    """The settings that differ from the defaults, as they are typed."""
    changed = [
        f"{option.flags[0]} {option.write(getattr(config, option.field))}"
        for option in OPTIONS
        if getattr(config, option.field) != option.default
    ]
    if config.sequential:
        changed.append("--sequential")
    return ", ".join(map(code, changed))


def _tabulate(history: RunHistory) -> str:
    probed = any(variant.summary.probed for variant in history.variants.values())
    validation, test, _, milliseconds, seconds = RESULT_HEADERS
    *judgements, cost = PROBED_HEADERS
    headers = (
        "variant",
        validation,
        *judgements * probed,
        test,
        "100 samples (95 % interval)",
        *(f"steps to {100 * accuracy:.0f} %" for accuracy in MILESTONES),
        milliseconds,
        seconds,
        *[cost] * probed,
    )
    rows = (_row(name, variant, probed=probed) for name, variant in history.variants.items())
    return table(headers, rows)


def _row(name: str, variant: VariantHistory, *, probed: bool) -> tuple[str, ...]:
    validation, test, _, milliseconds, seconds = result_cells(variant.summary)
    *judgements, cost = probed_cells(variant.summary)
    return (
        _name(name, variant),
        validation,
        *judgements * probed,
        test,
        _samples(variant),
        *(figure(steps_to(variant.validation_accuracy, accuracy), "d") for accuracy in MILESTONES),
        milliseconds,
        seconds,
        *[cost] * probed,
    )


def _name(name: str, variant: VariantHistory) -> str:
    """The variant, and where it is if it is not done."""
    summary = variant.summary
    state = "not finished" if summary.status is None else summary.status
    if summary.status is Status.DONE:
        return escape(name)
    return f"{escape(name)} ({state} after {count_batches(summary.steps)})"


def _samples(variant: VariantHistory) -> str:
    correct = variant.summary.hundred_correct
    if correct is None:
        return "-"
    return f"{count_right(correct)} ({interval(wilson(sum(correct), len(correct)))})"


def _describe_environment(record: Record) -> str:
    facts = (f"{name} {value}" for name, value in record.started.environment.items() if value)
    words = escape(", ".join(facts))
    return f"Environment: {words}." if words else ""
