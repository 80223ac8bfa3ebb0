"""Run folders of a few events."""

from dataclasses import replace

from bn_tui.config import ExperimentConfig
from bn_tui.events import (
    RunEnded,
    RunStarted,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    to_json,
)

STARTED = RunStarted(
    seconds=0.0,
    schema=1,
    started_at="2026-11-23T14:32:00+00:00",
    config=ExperimentConfig(variants=("plain", "layers"), batches=3, data="drawn").as_dict(),
    environment={},
)


def step(number, variant="plain", seconds=None):
    return StepTrained(
        seconds=float(number + 1) if seconds is None else seconds,
        variant=variant,
        step=number,
        loss=0.5,
        accuracy=0.25,
        step_seconds=0.1,
    )


def whole_run(status=Status.DONE):
    """Every kind of event that a listing looks at."""
    events = [STARTED]
    for variant in ("plain", "layers"):
        events += [step(number, variant) for number in range(3)]
        events += [
            ValidationEvaluated(
                seconds=4.0, variant=variant, step=2, loss=0.4, accuracy=0.8, final=True
            ),
            TestEvaluated(seconds=5.0, variant=variant, loss=0.4, accuracy=0.75),
            VariantEnded(seconds=6.0, variant=variant, status=status, steps=3),
        ]
    return [*events, RunEnded(seconds=7.0, peak_memory_bytes=1)]


def write(folder, events):
    """Write the events of a run into its folder, which need not be there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events.jsonl").write_text("".join(f"{to_json(event)}\n" for event in events))
    return folder


def started(**config):
    return replace(STARTED, config=STARTED.config | config)
