"""The same weights judged three ways, by step and over seeds: the README's table of the lag.

python tests/benchmarks/judgements.py --data FOLDER [--seeds 5] [--variants manual,layers]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

#: After which updates; the last comparison of a run stands for 800.
STEPS = (50, 100, 200, 300, 400, 800)
JUDGEMENTS = ("moving", "batch", "precise")

#: (variant, step, judgement) → an accuracy for each seed.
Accuracies = dict[tuple[str, int, str], list[float]]


def run_seed(seed: int, arguments: argparse.Namespace, folder: Path) -> list[dict]:
    """Train with one seed: every comparison that was stated."""
    out = folder / str(seed)
    command = [sys.executable, "-m", "bn_tui", "--no-ui", "--quiet", "--seed", str(seed)]
    command += ["--data", arguments.data, "--variants", arguments.variants, "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lines = (out / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for line in lines if (event := json.loads(line))["event"] == "StatisticsCompared"]


def gather(comparisons: list[dict], accuracies: Accuracies) -> None:
    """Take in what one run has stated; `step` counts updates from 0, the table's too."""
    for event in comparisons:
        step = STEPS[-1] if event["final"] else event["step"]
        if step in STEPS:
            for judgement in JUDGEMENTS:
                key = event["variant"], step, judgement
                accuracies[key].append(event[f"{judgement}_accuracy"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--variants", default="manual,layers")
    arguments = parser.parse_args()
    accuracies: Accuracies = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seeds):
            gather(run_seed(seed, arguments, Path(folder)), accuracies)
    print("| variant | after batch | " + " | ".join(JUDGEMENTS) + " |")
    print("| --- " * (2 + len(JUDGEMENTS)) + "|")
    # Those that were compared: a norm without statistics has nothing to judge three ways.
    for variant in dict.fromkeys(name for name, *_ in accuracies):
        for step in STEPS:
            cells = []
            for judgement in JUDGEMENTS:
                values = accuracies[variant, step, judgement]
                cells.append(f"{median(values):.3f} [{min(values):.3f}, {max(values):.3f}]")
            print(f"| `{variant}` | {step} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
