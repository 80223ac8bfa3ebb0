"""Far more events than a run of a day has, through the app without a terminal."""

import asyncio
import gc
import math
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from textual.pilot import Pilot
from textual.screen import Screen

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.events import (
    Event,
    Phase,
    PhaseEntered,
    RunStarted,
    StepTrained,
    ValidationEvaluated,
)
from bn_tui.tui.app import BnTuiApp

if TYPE_CHECKING:
    from bn_tui.errors import BnTuiError

_AT_ONCE = 1000
_STATUS = Path("/proc/self/statm")
_PAGE_BYTES = 4096


class SyntheticRun:
    """A run that has happened: noisy losses of every variant, validated every 100 steps."""

    origin = ""
    replay = None
    recalling = False
    folder = None

    def __init__(self, config: ExperimentConfig, events: int) -> None:
        self.config = config
        self.control = Control()
        self.ended = False
        self.error: BnTuiError | None = None
        self.seconds = 0.0
        self._events = islice(self._invent(), events)
        self._next: list[Event] = []

    def prepare(self) -> None:
        """Invent what the next `take` gives, which is no cost of the screen."""
        self._next += islice(self._events, _AT_ONCE)
        self.ended = not self._next
        if self._next:
            self.seconds = self._next[-1].seconds

    def take(self, limit: int) -> list[Event]:
        """Give the next events."""
        taken, self._next = self._next[:limit], self._next[limit:]
        return taken

    def now(self) -> float:
        """When the latest event was."""
        return self.seconds

    def native_output(self, limit: int) -> str:
        """Nothing is printed."""
        del limit
        return ""

    def _invent(self) -> Iterator[Event]:
        names = self.config.variants
        yield RunStarted(
            seconds=0.0,
            schema=1,
            started_at="2024-01-01T00:00:00+00:00",
            config=self.config.as_dict(),
            environment={},
        )
        for name in names:
            yield PhaseEntered(seconds=0.0, variant=name, phase=Phase.TRAINING)
        noise = np.random.default_rng(0)
        for step in range(self.config.batches):
            seconds = 0.1 * (step + 1)
            for name in names:
                loss = (0.03 + 0.66 * math.exp(-step / 9000)) * math.exp(noise.normal(0, 0.2))
                yield StepTrained(
                    seconds=seconds,
                    variant=name,
                    step=step,
                    step_seconds=0.1,
                    loss=loss,
                    accuracy=float(noise.uniform(0.5, 1)),
                )
                if step % 100 == 0:
                    yield ValidationEvaluated(
                        seconds=seconds,
                        variant=name,
                        step=step,
                        loss=loss,
                        accuracy=float(noise.uniform(0.5, 1)),
                        final=False,
                    )


def flood(events: int, columns: int, rows: int) -> dict[str, list[float]]:
    """Draw after every thousand events.

    Gives how long each piece of work held up a key (taking in, or drawing a column), how long
    all pieces of each time took together, both in ms of CPU, and how much memory there was.
    """
    pieces: list[float] = []
    draw = Screen._on_timer_update

    def draw_timed(screen: Screen[Any]) -> None:
        before = time.process_time()
        draw(screen)
        pieces.append(1000 * (time.process_time() - before))

    with patch.object(Screen, "_on_timer_update", draw_timed):
        return asyncio.run(_flood(events, columns, rows, pieces))


async def _settle(pilot: Pilot[Any]) -> None:
    """Wait until everything is drawn: the race draws a column at a time."""
    await pilot.pause()
    while any(getattr(screen, "_behind", ()) for screen in pilot.app.screen_stack):
        await pilot.pause()


async def _flood(
    events: int, columns: int, rows: int, pieces: list[float]
) -> dict[str, list[float]]:
    config = ExperimentConfig(batches=max(events // 3, 1))
    run = SyntheticRun(config, events)
    app = BnTuiApp(lambda _: run, config)
    whole: list[float] = []
    memory: list[float] = []
    async with app.run_test(size=(columns, rows)) as pilot:
        await pilot.pause()
        gc.freeze()  # as whoever opens the app does after the first frame
        pieces.clear()
        while True:
            run.prepare()
            if run.ended:
                break
            # Not the time on the wall: the pilot sleeps until nothing is left to be done.
            before = time.process_time()
            app.take_in()
            pieces.append(1000 * (time.process_time() - before))
            await _settle(pilot)
            whole.append(1000 * (time.process_time() - before))
            gc.collect()
            memory.append(int(_STATUS.read_text().split()[1]) * _PAGE_BYTES / 1e6)
    after_tenth, at_end = memory[len(memory) // 10], memory[-1]
    return {
        "largest piece of a redraw, CPU ms": [max(pieces)],
        "whole redraw, CPU ms": whole,
        "memory after a tenth, MB": [after_tenth],
        "memory at the end, MB": [at_end],
        "memory at the end / after a tenth": [at_end / after_tenth],
    }
