"""What keeping a run costs, and how soon one that is kept is seen: followed, and opened.

python tests/benchmarks/keeping.py [--data NAME|FOLDER] [--points N] [--runs N] [--batches N]
                                   [--openings N] [--events N] [--json FILE]

It ends with 1 where a bound is broken.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from tables import Measured, Row, conclude
from whole_run import run_whole

from bn_tui.engine import runtime

sys.path.append(str(Path(__file__).parents[1]))  # where the tests' terminal is

from parts.followed_run import follow_points
from parts.opened_run import open_run, write_run

COLUMNS, ROWS = 120, 40

COST = Path(__file__).parent / "parts" / "keeping_cost.py"

#: What stands in the table, part by part.
TABLE = {
    "points of a run that another process writes": (Row("written to shown, s", 3, at_most=1.0),),
    "pairs of whole runs": (
        Row("checkpoints every 100 batches, s"),
        Row("checkpoints at the end alone, s"),
        Row("every 100 / at the end", 4),
    ),
    "runs whose keeping was timed": (
        Row("trainers waited for it, ms", 1),
        Row("trainers waited, % of the run", 3, at_most=1.0),
        Row("checkpoints saved", 0),
        Row("saving them beside the trainers, s"),
        Row("CPU for both, s", 3),
        Row("CPU for both, % of the run's", 3, at_most=1.0),
    ),
    "openings of a run": (
        Row("start of the process to first frame, s", 3, at_most=0.5),
        Row("start of the process to all of it, s", 3),
        Row("end of the imports to first frame, s", 3, at_most=0.5),
        Row("end of the imports to all of it, s", 3),
    ),
}


@click.command()
@click.option("--data", default="auto", show_default=True)
@click.option("--points", type=click.IntRange(0), default=100, show_default=True)
@click.option("--runs", type=click.IntRange(0), default=3, show_default=True)
@click.option("--batches", type=click.IntRange(1), default=800, show_default=True)
@click.option("--openings", type=click.IntRange(0), default=20, show_default=True)
@click.option("--events", type=click.IntRange(10), default=20_000, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False))
def main(
    *,
    data: str,
    points: int,
    runs: int,
    batches: int,
    openings: int,
    events: int,
    json_file: Path | None,
) -> None:
    """Follow, keep and open runs; 0 leaves a part out."""
    measured: Measured = {}
    if points:
        with Console(stderr=True).status(f"{points:,} points"):
            measured["written to shown, s"] = follow_points(points, COLUMNS, ROWS)
    options = ["--data", data, "--batches", str(batches)]
    for _ in track(range(runs), "Whole runs", console=Console(stderr=True)):
        _add(measured, _run_pair(options))
        _add(measured, _time_keeping(options))
    _open(measured, openings, events)
    counts = dict(zip(TABLE, (points, runs, runs, openings), strict=True))
    if json_file is not None:
        machine = runtime.describe_environment(runtime.resolve_threads(None))
        summary = {"machine": machine, "measured": measured}
        json_file.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    conclude("runs that are kept", TABLE, measured, counts)


def _add(measured: Measured, figures: dict[str, float]) -> None:
    for name, value in figures.items():
        measured.setdefault(name, []).append(value)


def _run_pair(options: list[str]) -> dict[str, float]:
    """Time a whole run with checkpoints and one without, each in a process and folder of its own.

    Even without, the last state is kept before the final scores.
    """
    often, once = (_run(options, every) for every in (100, 0))
    return {
        "checkpoints every 100 batches, s": often,
        "checkpoints at the end alone, s": once,
        "every 100 / at the end": often / once,
    }


def _run(options: list[str], checkpoint_every: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        kept = ["--checkpoint-every", str(checkpoint_every), "--out", folder]
        return run_whole(["--no-ui", *kept, *options]).wall_seconds


def _time_keeping(options: list[str]) -> dict[str, float]:
    """Run once more, and time what keeping takes, within the process."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "cost.json"
        command = [sys.executable, str(COST), str(file), "--out", f"{place}/run", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not file.exists():
            raise click.ClickException(f"{' '.join(command)} has broken:\n{done.stderr}")
        cost = json.loads(file.read_text(encoding="utf-8"))
    taking, saving = cost["taking"], cost["saving"]
    cpu = taking["cpu"] + saving["cpu"]
    return {
        "trainers waited for it, ms": 1000 * taking["wall"],
        "trainers waited, % of the run": 100 * taking["wall"] / cost["wall"],
        "checkpoints saved": saving["times"],
        "saving them beside the trainers, s": saving["wall"],
        "CPU for both, s": cpu,
        "CPU for both, % of the run's": 100 * cpu / cost["cpu"],
    }


def _open(measured: Measured, openings: int, events: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        whole = write_run(Path(place), events)
        for _ in track(range(openings), "Openings", console=Console(stderr=True)):
            _add(measured, open_run(Path(place), whole, COLUMNS, ROWS))


if __name__ == "__main__":
    main()
