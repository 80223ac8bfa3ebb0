"""What the screen costs: its first frame, a whole run beside one without it, a key, a redraw.

python tests/benchmarks/app.py [--data NAME|FOLDER] [--batches N] [--runs N] [--presses N]
                               [--events N] [--json FILE]
"""

import json
import sys
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from tables import make_table

from bn_tui.engine import runtime

sys.path.append(str(Path(__file__).parents[1]))  # where the tests' terminal is

from parts.flood import flood
from parts.presses import press_views
from parts.watched_run import run_beside

COLUMNS, ROWS = 120, 40

#: What is measured → what it has to be at most.
GOALS = {
    "first frame, s": 0.7,
    "first point after headless, s": 1.0,
    "whole run / headless": 1.05,
    "key to frame p95, ms": 100.0,
    "key to frame p99, ms": 250.0,
    "largest redraw, ms": 100.0,
}


@click.command()
@click.option("--data", default="auto", show_default=True)
@click.option("--batches", type=click.IntRange(10), default=200, show_default=True)
@click.option("--runs", type=click.IntRange(0), default=3, show_default=True)
@click.option("--presses", type=click.IntRange(0), default=200, show_default=True)
@click.option("--events", type=click.IntRange(0), default=200_000, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False))
def main(
    *, data: str, batches: int, runs: int, presses: int, events: int, json_file: Path | None
) -> None:
    """Run the app on a terminal of 120 × 40 cells, beside runs without it; 0 leaves a part out."""
    measured: dict[str, list[float]] = {}
    options = ["--data", data, "--batches", str(batches)]
    for _ in track(range(runs), "Whole runs", console=Console(stderr=True)):
        for name, value in run_beside(options, COLUMNS, ROWS).items():
            measured.setdefault(name, []).append(value)
    summary: dict[str, Any] = {"machine": _machine(), "runs": measured}
    if presses:
        latencies = press_views(data, presses, COLUMNS, ROWS)
        summary["key to frame, ms"] = latencies
        measured |= _latency(latencies)
    if events:
        summary["flood"] = flood(events, COLUMNS, ROWS)
        measured["largest redraw, ms"] = [max(summary["flood"]["redraws, ms"])]
        measured["all columns redrawn, ms"] = summary["flood"]["whole redraws, ms"]
        measured["memory after a tenth, MB"] = [summary["flood"]["memory after a tenth, MB"]]
        measured["memory at the end, MB"] = [summary["flood"]["memory at the end, MB"]]
    _print(measured, Console())
    if json_file is not None:
        json_file.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


def _latency(latencies: list[float]) -> dict[str, list[float]]:
    percentiles = quantiles(latencies, n=100, method="inclusive")
    return {
        "key to frame p50, ms": [percentiles[49]],
        "key to frame p95, ms": [percentiles[94]],
        "key to frame p99, ms": [percentiles[98]],
        "key to frame, largest, ms": [max(latencies)],
    }


def _print(measured: dict[str, list[float]], console: Console) -> None:
    table = make_table("the screen", "median", "least", "greatest", "goal, at most")
    for name, values in measured.items():
        goal = f"{GOALS[name]:g}" if name in GOALS else ""
        table.add_row(name, *(f"{choose(values):.3f}" for choose in (median, min, max)), goal)
    console.print(table)


def _machine() -> dict[str, Any]:
    return runtime.describe_environment(runtime.resolve_threads(None))


if __name__ == "__main__":
    main()
