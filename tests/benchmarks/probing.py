"""What looking inside costs: whole runs with the default probes and without any, in pairs.

    python tests/benchmarks/probing.py [--data NAME|FOLDER] [--pairs N] [-- OPTION ...]

Options after `--` are passed on to bn-tui. It ends with 1 where the weights differ or the
bound is broken.
"""

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from tables import make_table
from whole_run import run_whole

#: What a run with probes may take of one without, in wall time.
AT_MOST = 1.15

#: With the default, and without.
SETTINGS: dict[str, list[str]] = {"probes": [], "none": ["--probe-every", "0"]}


@click.command()
@click.option("--data", default="auto", show_default=True)
@click.option("--pairs", type=click.IntRange(1), default=3, show_default=True)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def main(data: str, pairs: int, options: tuple[str, ...]) -> None:
    """Run `bn-tui --no-ui` in turns, and tell the ratio pair by pair."""
    table = make_table("pair", "probes s", "none s", "ratio", "CPU ratio", "same weights")
    ratios, differ = [], False
    for pair in range(1, pairs + 1):
        costs, weights = {}, {}
        # Who comes first alternates, so that a machine that grows slower favours neither.
        for name in sorted(SETTINGS, reverse=pair % 2 == 0):
            with tempfile.TemporaryDirectory() as folder:
                costs[name] = run_whole(
                    ["--no-ui", "--data", data, "--out", folder, *SETTINGS[name], *options]
                )
                weights[name] = read_weights(Path(folder))
        wall = costs["probes"].wall_seconds / costs["none"].wall_seconds
        cpu = costs["probes"].cpu_seconds / costs["none"].cpu_seconds
        ratios.append(wall)
        walls = [f"{costs[name].wall_seconds:.1f}" for name in SETTINGS]
        same = weights["probes"] == weights["none"]
        differ = differ or not same
        row = f"{wall:.3f}", f"{cpu:.3f}", "yes" if same else "NO"
        table.add_row(str(pair), *walls, *row)
    table.add_row("median", "", "", f"{median(ratios):.3f}", "", "")
    table.add_row("at most", "", "", f"{AT_MOST:.3f}", "", "")
    Console().print(table)
    sys.exit(differ or median(ratios) > AT_MOST)


def read_weights(folder: Path) -> dict[str, str]:
    """Variant → the digest of its final weights."""
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {name: variant["weights_sha256"] for name, variant in results["variants"].items()}


if __name__ == "__main__":
    main()
