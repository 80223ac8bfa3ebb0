"""What is said of runs as they really went: of sound networks that their averages lagged."""

import gzip
from pathlib import Path

from bn_tui.events import from_json
from bn_tui.insight.history import RunHistory

ROOT = Path(__file__).parents[2]
PLAIN = {
    "gradients": (0, True),
    "signal-dies": (0, False),
    "dead-relus": (25, False),
    "one-digit": (100, False),
    "learns-nothing": (200, False),
}


def diagnose(recording):
    """Variant → code → since which step, and whether it is over."""
    history, told = RunHistory(), {}
    for line in gzip.decompress((ROOT / recording).read_bytes()).decode().splitlines():
        history.add(from_json(line))
    for variant in history.variants:
        found = history.diagnoses_of(variant)
        told[variant] = {each.code: (each.first, not each.still) for each in found}
    return told


def test_a_run_with_probes():
    assert diagnose("tests/data/probed_run.jsonl.gz") == {
        "plain": PLAIN,
        "layers": {"lag": (25, True)},
        "manual": {"lag": (25, True)},
    }


def test_a_run_without_probes():
    assert diagnose("tests/data/mnist_run.jsonl.gz") == {
        "plain": {"one-digit": (100, False), "learns-nothing": (200, False)},
        "layers": {},
        "manual": {"one-digit": (100, True)},
    }


def test_a_mistake_and_what_it_is_told_by():
    assert diagnose("assets/tour/tour.jsonl.gz") == {
        "plain": PLAIN | {"dead-relus": (100, False)},
        "manual": {"lag": (25, True)},
        "batch-at-inference": {
            "lag": (25, True),
            "batch-at-inference": (799, False),
            "single-images": (799, False),
        },
    }
