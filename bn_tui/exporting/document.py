"""A run as one JSON document: settings, data, series, scores, diagnoses, verdicts."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bn_tui.events import DataLoaded, plain
from bn_tui.exporting.record import Record
from bn_tui.insight.measurements import Measurement, Split, measurements
from bn_tui.insight.variant_history import VariantHistory

#: The version of the document: it grows when a part of it says something else than before.
VERSION = 1

Series = dict[str, dict[str, Any]]
"""Split → "step", "seconds" and each metric → its values, all in the same order.

What was measured with each kind of statistics has its metrics under "moving", "batch" and
"precise"; a metric of layers has a list for each step, from the first convolution to the dense
layer.
"""


def render_document(record: Record) -> Iterator[bytes]:
    """Give the document; a float that is not finite is "nan", "inf" or "-inf"."""
    yield json.dumps(plain(describe_run(record)), ensure_ascii=False, allow_nan=False).encode()
    yield b"\n"


def describe_run(record: Record) -> dict[str, Any]:
    """Tell all of a run as plain data."""
    history = record.history()
    series = _collect_series(record)
    results = history.summary.as_results()
    scores = results.pop("variants")
    return {
        "format": "bn-tui run",
        "version": VERSION,
        **results,
        "data": _describe_data(history.summary.train_data),
        "test_data": _describe_data(history.summary.test_data),
        "samples": {"labels": history.samples.labels if history.samples else None},
        "variants": {
            name: {
                "scores": _without_verdicts(scores[name]),
                "diagnoses": [each.as_dict() for each in history.diagnoses_of(name)],
                "samples": _verdicts(variant),
                "series": series[name],
            }
            for name, variant in history.variants.items()
        },
    }


def _collect_series(record: Record) -> dict[str, Series]:
    series: dict[str, Series] = {name: {} for name in record.config.variants}
    for row in measurements(record.events()):
        if row.split in (Split.TEST, Split.SAMPLES):
            continue  # one number is no series, and stands among the scores
        columns = series[row.variant].setdefault(row.split, {"step": [], "seconds": []})
        _add(row, columns)
    return series


def _add(row: Measurement, columns: dict[str, Any]) -> None:
    """Put a number behind those before it; what one event says stands at one place."""
    if [row.seconds] != columns["seconds"][-1:] or [row.step] != columns["step"][-1:]:
        columns["step"].append(row.step)
        columns["seconds"].append(row.seconds)
    metrics = columns if row.statistics is None else columns.setdefault(row.statistics, {})
    values = metrics.setdefault(row.metric, [])
    if row.layer == 1:
        values.append([])
    (values if row.layer is None else values[-1]).append(row.value)


def _describe_data(data: DataLoaded | None) -> dict[str, Any] | None:
    if data is None:
        return None
    return {name: value for name, value in asdict(data).items() if name not in ("seconds", "role")}


def _without_verdicts(scores: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in scores.items() if name != "hundred_correct"}


def _verdicts(variant: VariantHistory) -> dict[str, Any]:
    return {"predictions": variant.predictions, "correct": variant.summary.hundred_correct}
