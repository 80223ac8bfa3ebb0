"""Kill runs at random moments, resume them, and compare them with one that nobody disturbed.

python tests/benchmarks/kill_loop.py --data NAME|FOLDER [--runs N] [--seed N]
"""

import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

import click
import numpy as np

sys.path.append(str(Path(__file__).parents[1]))  # where what the tests share is

from killing import after, named_moments, run_killed, run_whole

OPTIONS = ("--batches", "40", "--batch-size", "16", "--validate-every", "10", "--log-every", "5")


@click.command()
@click.option("--data", required=True)
@click.option("--runs", type=click.IntRange(1), default=30, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--longest", default=12.0, show_default=True, help="The latest random moment, in s.")
def main(data: str, runs: int, seed: int, longest: float) -> None:
    """Kill each run at a named moment and, if it still runs, at a random one.

    Exits with 1 if any differs, or was never killed.
    """
    options = (*OPTIONS, "--data", data, "--checkpoint-every", "5")
    random = np.random.default_rng(seed)
    equal = times = 0
    with tempfile.TemporaryDirectory() as place:
        reference = run_whole(Path(place) / "reference", options)
        for number in range(runs):
            name, moment = next(islice(cycle(named_moments()), number % 5, None))
            moments = [moment, after(random.uniform(0, longest))]
            outcome, found = run_killed(Path(place) / f"run{number}", options, moments)
            same = bool(found) and outcome == reference
            equal += same
            times += len(found)
            verdict = "equal" if same else "OTHER" if found else "ALIVE"
            print(f"{number + 1:>3}  {name:<15} {verdict}  {'; '.join(found)}", flush=True)
    print(f"{equal} of {runs}, killed {times} times, equal the run that nobody disturbed")
    sys.exit(equal != runs)


if __name__ == "__main__":
    main()
