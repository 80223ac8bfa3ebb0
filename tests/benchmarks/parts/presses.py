"""How long a key takes to change what is drawn, while three variants train."""

import tempfile
import time
from pathlib import Path

import numpy as np
from parts.watched_run import Record
from pseudo_terminal import PseudoTerminal, bn_tui

#: The views in turn: each one's key, and the title that its first frame has.
_VIEWS = (("2", b"Overlay"), ("3", b"Log"), ("4", b"Results"), ("1", b"Race"))
_FRAME_END = b"\x1b[?2026l"

_STEPS_BEFORE = 60  # of all variants together, so that each has compiled
_LONGEST = 10.0


def press_views(data: str, presses: int, columns: int, rows: int) -> list[float]:
    """Press the key of one view after another; milliseconds from each press to its whole frame."""
    with tempfile.TemporaryDirectory() as folder:
        command = bn_tui("--data", data, "--batches", "100000", "--out", folder)
        with PseudoTerminal(command, columns=columns, rows=rows) as terminal:
            record = Record(Path(folder), terminal.started)
            while record.counts.get("StepTrained", 0) < _STEPS_BEFORE:
                terminal.read(0.05)
                record.follow()
                assert terminal.process.poll() is None, terminal.screen
            # A person's presses fall anywhere between two ticks of the app.
            pauses = np.random.default_rng(0).uniform(0.2, 0.5, presses)
            latencies = []
            for press, pause in enumerate(pauses):
                terminal.read_for(pause)
                latencies.append(1000 * _press(terminal, *_VIEWS[press % len(_VIEWS)]))
            terminal.press("q")
            terminal.wait_for("Leave?")
            terminal.press("y")
            terminal.wait()
            return latencies


def _press(terminal: PseudoTerminal, key: str, title: bytes) -> float:
    start = len(terminal.output)
    before = time.perf_counter()
    terminal.press(key)
    while True:
        terminal.read(_LONGEST)
        after = time.perf_counter()
        in_time = after - before < _LONGEST and terminal.process.poll() is None
        assert in_time, f"{key} has not drawn {title!r}:\n{terminal.screen}"
        shown = terminal.output.find(title, start)
        if shown >= 0 and terminal.output.find(_FRAME_END, shown) >= 0:
            return after - before
