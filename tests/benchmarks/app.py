"""What the screen costs: its first frame, a whole run beside one without it, a key, a redraw.

python tests/benchmarks/app.py [--data NAME|FOLDER] [--batches N] [--runs N] [--presses N]
                               [--events N] [--json FILE]

It ends with 1 where a bound is broken.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import track
from tables import Measured, Row, conclude

from bn_tui.engine import runtime

sys.path.append(str(Path(__file__).parents[1]))  # where the tests' terminal is

from parts.flood import flood
from parts.presses import press_views
from parts.watched_run import run_beside

COLUMNS, ROWS = 120, 40

#: What stands in the table, part by part.
TABLE = {
    "whole runs": (
        Row("first frame, s", at_most=0.7),
        Row("first step without the app, s"),
        Row("first step in the app, s"),
        Row("first point on the screen, s"),
        Row("first point - first step without, s", at_most=1.0),
        Row("whole run without the app, s"),
        Row("whole run in the app, s"),
        Row("whole run in the app / without", 3, at_most=1.05),
    ),
    "presses of a key while three train": (
        Row("key to frame, ms", 0),
        Row("key to frame, 95th percentile, ms", 0, at_most=100),
        Row("key to frame, 99th percentile, ms", 0, at_most=250),
    ),
    "synthetic events": (
        Row("largest piece of a redraw, CPU ms", 0, at_most=100),
        Row("whole redraw, CPU ms", 0),
        Row("memory after a tenth, MB", 1),
        Row("memory at the end, MB", 1),
        Row("memory at the end / after a tenth", 3, at_most=1.05),
    ),
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
    measured = _run_pairs(["--data", data, "--batches", str(batches)], runs)
    console = Console(stderr=True)
    if presses:
        with console.status(f"{presses:,} presses"):
            measured |= _press(data, presses)
    if events:
        with console.status(f"{events:,} events"):
            measured |= flood(events, COLUMNS, ROWS)
    counts = dict(zip(TABLE, (runs, presses, events), strict=True))
    if json_file is not None:
        summary = {"machine": _machine(), "measured": measured}
        json_file.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    conclude("the screen", TABLE, measured, counts)


def _run_pairs(options: list[str], runs: int) -> Measured:
    measured: Measured = {}
    for run in track(range(runs), "Whole runs", console=Console(stderr=True)):
        app_first = run % 2 == 1
        for name, value in run_beside(options, COLUMNS, ROWS, app_first=app_first).items():
            measured.setdefault(name, []).append(value)
    return measured


def _press(data: str, presses: int) -> Measured:
    latencies = press_views(data, presses, COLUMNS, ROWS)
    return {
        "key to frame, ms": latencies,
        "key to frame, 95th percentile, ms": [float(np.percentile(latencies, 95))],
        "key to frame, 99th percentile, ms": [float(np.percentile(latencies, 99))],
    }


def _machine() -> dict[str, Any]:
    return runtime.describe_environment(runtime.resolve_threads(None))


if __name__ == "__main__":
    main()
