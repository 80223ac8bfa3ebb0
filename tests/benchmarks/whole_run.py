"""What a whole run costs, from the command line to the final scores: time, CPU and memory.

    python tests/benchmarks/whole_run.py [--data NAME|FOLDER] [--runs N] [-- OPTION ...]

Options after `--` are passed on to bn-tui.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from tables import make_table

Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took, as the operating system counts it."""

    wall_seconds: float
    cpu_seconds: float
    peak_gigabytes: float


@click.command()
@click.option("--data", default="auto", show_default=True)
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def main(data: str, runs: int, options: tuple[str, ...]) -> None:
    """Run `bn-tui --no-ui` as a process of its own, several times, and tell what it took."""
    costs: list[Cost] = []
    results: list[Results] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            cost = run_whole(["--no-ui", "--data", data, "--out", folder, *options])
            costs.append(cost)
            results.append(json.loads((Path(folder) / "results.json").read_text(encoding="utf-8")))
    console = Console()
    console.print(_cost_table(costs))
    console.print()
    console.print(_variant_table(results))


def run_whole(options: Sequence[str]) -> Cost:
    """Run bn-tui once, its output dropped.

    Raises:
        click.ClickException: it did not exit with 0; its last lines have gone to stderr.
    """
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bn_tui", *options], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise click.ClickException(f"bn-tui {' '.join(options)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes in what ru_maxrss counts
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e9)


def _cost_table(costs: Sequence[Cost]) -> Table:
    columns = {
        "wall s": [cost.wall_seconds for cost in costs],
        "CPU s": [cost.cpu_seconds for cost in costs],
        "peak GB": [cost.peak_gigabytes for cost in costs],
    }
    table = make_table("whole run", *columns)
    for run, values in enumerate(zip(*columns.values(), strict=True), start=1):
        table.add_row(str(run), *(f"{value:.2f}" for value in values))
    for summarise in (min, median, max):
        summary = (f"{summarise(values):.2f}" for values in columns.values())
        table.add_row(summarise.__name__, *summary)
    return table


def _variant_table(results: Sequence[Results]) -> Table:
    """Middle values over the runs; one seed should give one set of weights."""
    table = make_table("variant", "ms per step", "train s", "test accuracy", "distinct weights")
    for name in results[0]["variants"]:
        runs = [result["variants"][name] for result in results]
        table.add_row(
            name,
            f"{median(run['seconds_per_step'] for run in runs) * 1000:.1f}",
            f"{median(run['train_seconds'] for run in runs):.1f}",
            f"{median(run['test_accuracy'] for run in runs):.4f}",
            str(len({run["weights_sha256"] for run in runs})),
        )
    return table


if __name__ == "__main__":
    main()
