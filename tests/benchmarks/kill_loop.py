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
    """Kill each run once at a named moment and once at a random one; exit with 1 if any differs."""
    options = (*OPTIONS, "--data", data, "--checkpoint-every", "5")
    random = np.random.default_rng(seed)
    equal = 0
    with tempfile.TemporaryDirectory() as place:
        reference = run_whole(Path(place) / "reference", options)
        for number in range(runs):
            name, moment = next(islice(cycle(named_moments()), number % 5, None))
            moments = [moment, after(random.uniform(0, longest))]
            outcome, found = run_killed(Path(place) / f"run{number}", options, moments)
            same = outcome == reference
            equal += same
            kills = "; ".join(found)
            print(
                f"{number + 1:>3}  {name:<15} {'equal' if same else 'OTHER'}  {kills}", flush=True
            )
    print(f"{equal} of {runs} equal the run that nobody disturbed")
    sys.exit(equal != runs)


if __name__ == "__main__":
    main()
