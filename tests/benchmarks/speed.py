"""How long one training step takes: this engine, Keras `fit`, PyTorch, and the machine's floor.

python tests/benchmarks/speed.py [--steps N] [--repeats R] [--threads N] [--json FILE]
"""

import importlib.util
import json
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import click
from report import Report, Series
from rich.console import Console
from rich.progress import track
from worker import Worker, serve

from bn_tui.engine import runtime

PARTS = ("engine", "keras_fit", "pytorch", "matmul")


@click.command()
@click.option("--steps", type=click.IntRange(1), default=50, show_default=True)
@click.option("--repeats", type=click.IntRange(1), default=5, show_default=True)
@click.option(
    "--threads",
    type=click.IntRange(1),
    help="Operations of this engine that run at once.  [default: one for each processor]",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--part", type=click.Choice(PARTS), help="Be the process of one part.")
def main(
    steps: int, repeats: int, threads: int | None, json_file: Path | None, part: str | None
) -> None:
    """Time one training step on batches of 64; every number comes from the same run."""
    threads = runtime.resolve_threads(threads)
    if part is not None:
        serve(part, steps, threads)
        return
    machine = runtime.describe_environment(threads) | {"torch": _torch_version()}
    report = Report(machine, steps, repeats, measure(steps, repeats, threads))
    report.print(Console())
    if json_file is not None:
        json_file.write_text(json.dumps(report.as_dict(), indent=2) + "\n", encoding="utf-8")


def measure(steps: int, repeats: int, threads: int) -> Series:
    """Measure every candidate of every part once in each repeat, one after another.

    The first round, which compiles and warms up, is not kept.
    """
    parts = [part for part in PARTS if part != "pytorch" or _torch_version()]
    series: Series = {}
    with ExitStack() as stack:
        workers = {
            part: stack.enter_context(Worker(part, _command(part, steps, threads)))
            for part in parts
        }
        for _ in track(range(repeats + 1), "Measuring", console=Console(stderr=True)):
            for part, worker in workers.items():
                for candidate in worker.candidates:
                    values = series.setdefault((part, candidate), [])
                    values.append(worker.measure(candidate))
    return {key: values[1:] for key, values in series.items()}


def _command(part: str, steps: int, threads: int) -> list[str]:
    options = ["--part", part, "--steps", str(steps), "--threads", str(threads)]
    return [sys.executable, __file__, *options]


def _torch_version() -> str | None:
    return version("torch") if importlib.util.find_spec("torch") else None


if __name__ == "__main__":
    main()
