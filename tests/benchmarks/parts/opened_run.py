"""How soon a run that is kept stands on the screen, with and without what Python loads first."""

import re
import sys
import time
from pathlib import Path

from parts.flood import SyntheticRun
from pseudo_terminal import PseudoTerminal, bn_tui

from bn_tui.config import ExperimentConfig
from bn_tui.events import to_json

_AT_ONCE = 1000
_FRAME_END = b"\x1b[?2026l"

#: The name of a variant, which is on the first frame.
_FIRST_FRAME = b"plain"

#: Loads what the command would, says so, and opens the run then.
_LOADED = b"all is loaded"
_OPEN_LOADED = f"""
import sys
from bn_tui.leaving import leaving_on_signals
from bn_tui.looking_back.showing import open_runs
from bn_tui.tui.app import BnTuiApp
print({_LOADED.decode()!r}, flush=True)
open_runs(sys.argv[1:])
"""


def write_run(folder: Path, events: int) -> bytes:
    """Write so many events of a run; what the screen shows once it has taken in all of them."""
    run = SyntheticRun(ExperimentConfig(batches=events), events)
    last = 0
    with (folder / "events.jsonl").open("w", encoding="utf-8") as file:
        run.prepare()
        while taken := run.take(_AT_ONCE):
            file.writelines(f"{to_json(event)}\n" for event in taken)
            last = max(last, *(getattr(event, "step", 0) for event in taken))
            run.prepare()
    return f"{last + 1:,}/".encode()


def open_run(folder: Path, whole: bytes, columns: int, rows: int) -> dict[str, float]:
    """Open a run twice, each time in a new process; seconds to its frames."""
    loading = [sys.executable, "-c", _OPEN_LOADED, str(folder)]
    first, complete = _time(bn_tui("open", str(folder)), whole, columns, rows)
    first_loaded, complete_loaded = _time(loading, whole, columns, rows)
    return {
        "start of the process to first frame, s": first,
        "start of the process to all of it, s": complete,
        "end of the imports to first frame, s": first_loaded,
        "end of the imports to all of it, s": complete_loaded,
    }


def _time(command: list[str], whole: bytes, columns: int, rows: int) -> tuple[float, float]:
    """Seconds to the first frame, and to the one that has the whole run."""
    frames = [
        re.compile(re.escape(text) + b".*?" + re.escape(_FRAME_END), re.DOTALL)
        for text in (_FIRST_FRAME, whole)
    ]
    with PseudoTerminal(command, columns=columns, rows=rows) as terminal:
        since = terminal.started
        shown: list[float] = []
        while len(shown) < len(frames):
            terminal.read(0.005)
            if since == terminal.started and _LOADED in terminal.output:
                since = time.perf_counter()
            if frames[len(shown)].search(terminal.output):
                shown.append(time.perf_counter())
            assert terminal.process.poll() is None, terminal.screen
        terminal.press("q")
        terminal.wait()
        first, complete = (moment - since for moment in shown)
        return first, complete
