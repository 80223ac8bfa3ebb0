"""Runs that tests make up, event by event, and what is kept of them."""

from functools import partial

import numpy as np
from probed_runs import compare, probe

from bn_tui.config import ExperimentConfig
from bn_tui.events import (
    BatchEvaluated,
    DataLoaded,
    HundredScored,
    Phase,
    PhaseEntered,
    Role,
    RunEnded,
    RunStarted,
    SamplesChosen,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    to_json,
)
from bn_tui.exporting.record import open_record
from bn_tui.state import TrainingState

NAN, INFINITY = float("nan"), float("inf")


def started(*variants, schema=1, environment=None, **settings):
    return RunStarted(
        seconds=0.0,
        schema=schema,
        started_at="2026-03-04T05:06:07+00:00",
        config=ExperimentConfig(variants=variants, batches=2, **settings).as_dict(),
        environment=environment or {"bn_tui": "0", "cpu": "a | b_c"},
    )


def loaded(seconds, role=Role.TRAIN, name="mnist"):
    return DataLoaded(
        seconds=seconds,
        role=role,
        name=name,
        source="a <folder>",
        sha256="ab" * 32,
        training_images=90,
        validation_images=10,
        test_images=20,
        validation_class_counts=(1,) * 10,
        test_class_counts=(2,) * 10,
    )


def story():
    """Plain is done after two steps, layers diverges at its first."""
    plain, layers = ({"variant": name} for name in ("plain", "layers"))
    trained = partial(StepTrained, step_seconds=0.25)
    return [
        started("plain", "layers"),
        loaded(0.5),
        SamplesChosen(seconds=0.5, labels=(7, 2, 1), side=1, pixels="eJxjYGAAAAADAAE="),
        PhaseEntered(seconds=0.75, **plain, phase=Phase.TRAINING),
        trained(seconds=1.0, **plain, step=0, loss=0.1 + 0.2, accuracy=0.125),
        ValidationEvaluated(seconds=1.25, **plain, step=0, loss=1 / 3, accuracy=0.1, final=False),
        trained(seconds=1.5, **layers, step=0, loss=INFINITY, accuracy=0.0),
        VariantEnded(
            seconds=1.5,
            **layers,
            status=Status.DIVERGED,
            steps=1,
            reason="not finite at batch 0, loss inf",
        ),
        trained(seconds=2.0, **plain, step=1, loss=1e-300, accuracy=0.25),
        BatchEvaluated(seconds=2.0, **plain, step=1, loss=NAN, accuracy=0.5),
        ValidationEvaluated(seconds=2.5, **plain, step=1, loss=0.5, accuracy=0.9, final=False),
        ValidationEvaluated(seconds=2.75, **plain, step=1, loss=0.5, accuracy=0.9, final=True),
        TestEvaluated(seconds=3.0, **plain, loss=0.5, accuracy=0.95),
        HundredScored(
            seconds=3.25,
            **plain,
            accuracy=2 / 3,
            predictions=(7, 2, 8),
            correct=(True, True, False),
        ),
        VariantEnded(
            seconds=3.5,
            **plain,
            status=Status.DONE,
            steps=2,
            seconds_per_step=0.25,
            train_seconds=0.5,
            weights_sha256="00",
        ),
        RunEnded(seconds=3.5, peak_memory_bytes=1),
    ]


def probed_story():
    """Manual, two images a batch, with a look at its first update and a last one."""
    manual = partial(StepTrained, variant="manual:2", step_seconds=0.25, accuracy=0.5)
    return [
        started("manual:2", schema=2),
        loaded(0.5),
        manual(seconds=1.0, step=0, loss=0.75),
        probe("manual:2", 0, seconds=1.25, input_mean=(0.5, NAN), moving_variance=(1.0, 2.0)),
        ValidationEvaluated(
            seconds=1.5, variant="manual:2", step=0, loss=0.375, accuracy=0.125, final=False
        ),
        compare("manual:2", 0, seconds=1.75),
        manual(seconds=2.0, step=1, loss=0.5),
        ValidationEvaluated(
            seconds=2.5, variant="manual:2", step=1, loss=0.375, accuracy=0.125, final=True
        ),
        compare("manual:2", 1, seconds=2.75, images=5000, final=True),
        VariantEnded(seconds=3.0, variant="manual:2", status=Status.DONE, steps=2),
        RunEnded(seconds=3.0, peak_memory_bytes=1),
    ]


def write_record(folder, events):
    folder.mkdir(exist_ok=True)
    lines = "".join(f"{to_json(event)}\n" for event in events)
    (folder / "events.jsonl").write_text(lines)
    return open_record(folder)


PARAMETERS, STATISTICS = 338_686, 1_720  # of every batch norm


def draw(size, seed):
    return np.random.default_rng(seed).uniform(0.1, 0.2, size).astype("<f4").tobytes()


def state_of(variant="layers", *, steps=2, sizes=None):
    counts = sizes or (PARAMETERS, STATISTICS)
    vectors = {
        name: draw(count, seed)
        for seed, (name, count) in enumerate(zip(("parameters", "statistics"), counts, strict=True))
    }
    return TrainingState(
        variant=variant, steps=steps, events=5, judged=True, vectors=vectors, timings={}
    )
