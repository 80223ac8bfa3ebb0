"""How soon a point of a run that one process writes is on the screen of another that follows it."""

import tempfile
import time
from pathlib import Path

import numpy as np
from pseudo_terminal import PseudoTerminal, bn_tui

from bn_tui.config import ExperimentConfig
from bn_tui.events import (
    SCHEMA,
    DataLoaded,
    Phase,
    PhaseEntered,
    Role,
    RunStarted,
    SamplesChosen,
    StepTrained,
)
from bn_tui.records.folder import lock
from bn_tui.records.recorder import Recorder

#: How many steps there are before the first that is timed, so that all counts are of one width.
_BEFORE = 1000
_LONGEST = 10.0
_FRAME_END = b"\x1b[?2026l"


def follow_points(points: int, columns: int, rows: int) -> list[float]:
    """Write a point at a time at any moments; seconds from each to the frame that shows it."""
    with tempfile.TemporaryDirectory() as place, lock(Path(place)):
        recorder = Recorder(Path(place))
        _begin(recorder, _BEFORE + points)
        with PseudoTerminal(bn_tui("open", place), columns=columns, rows=rows) as terminal:
            terminal.wait_until(lambda: b"live from another process" in terminal.output)
            pauses = np.random.default_rng(0).uniform(0.3, 1.3, points)
            latencies = []
            for step, pause in enumerate(pauses, start=_BEFORE):
                terminal.read_for(pause)
                latencies.append(_write(recorder, terminal, step))
            terminal.press("q")
            terminal.wait()
            return latencies


def _begin(recorder: Recorder, batches: int) -> None:
    config = ExperimentConfig(variants=("plain",), batches=2 * batches)
    recorder.handle(
        RunStarted(
            seconds=0.0,
            schema=SCHEMA,
            started_at="2024-01-01T00:00:00+00:00",
            config=config.as_dict(),
            environment={},
        )
    )
    recorder.handle(
        DataLoaded(
            seconds=0.0,
            role=Role.TRAIN,
            name="digits",
            source="nowhere",
            sha256="",
            training_images=55_000,
            validation_images=5000,
            test_images=10_000,
            validation_class_counts=(500,) * 10,
            test_class_counts=(1000,) * 10,
        )
    )
    recorder.handle(SamplesChosen(seconds=0.0, labels=(), side=28, pixels=""))
    recorder.handle(PhaseEntered(seconds=0.0, variant="plain", phase=Phase.TRAINING))
    for step in range(_BEFORE):
        recorder.handle(_train(step))


def _train(step: int) -> StepTrained:
    return StepTrained(
        seconds=0.05 * (step + 1),
        variant="plain",
        step=step,
        loss=0.3 + 0.4 / (step + 1),
        accuracy=0.5,
        step_seconds=0.05,
    )


def _write(recorder: Recorder, terminal: PseudoTerminal, step: int) -> float:
    start = len(terminal.output)
    count = f"{step + 1:,}/".encode()
    before = time.perf_counter()
    recorder.handle(_train(step))
    while True:
        terminal.read(_LONGEST)
        after = time.perf_counter()
        assert after - before < _LONGEST, f"step {step} is not drawn:\n{terminal.screen}"
        shown = terminal.output.find(count, start)
        if shown >= 0 and terminal.output.find(_FRAME_END, shown) >= 0:
            return after - before
