"""Final scores over several seeds, each run a process of its own: the README's accuracy table.

python tests/benchmarks/seeds.py --data FOLDER [--test-data FOLDER] [--seeds 5] [--variants …]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path


def run_seed(seed: int, arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """Train with one seed: variant → test accuracy."""
    out = folder / str(seed)
    command = [sys.executable, "-m", "bn_tui", "--no-ui", "--quiet", "--seed", str(seed)]
    command += ["--data", arguments.data, "--variants", arguments.variants, "--out", str(out)]
    if arguments.test_data:
        command += ["--test-data", arguments.test_data]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return {name: variant["test_accuracy"] for name, variant in results["variants"].items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--test-data")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--variants", default="plain,layers,manual")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scores = [run_seed(seed, arguments, Path(folder)) for seed in range(arguments.seeds)]
    seeds = " | ".join(str(seed) for seed in range(arguments.seeds))
    print(f"| variant | {seeds} | median | least |")
    print("| --- " * (arguments.seeds + 3) + "|")
    for name in scores[0]:
        accuracies = [score[name] for score in scores]
        cells = [*accuracies, statistics.median(accuracies), min(accuracies)]
        print(f"| `{name}` | " + " | ".join(f"{cell:.4f}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
