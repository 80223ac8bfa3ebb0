"""A whole run in the app and one without it, one right after the other."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pseudo_terminal import PseudoTerminal, bn_tui

#: How long to wait for output before looking at the record, in seconds.
_GLANCE = 0.01
_LONGEST = 1800.0

#: The name of a variant, which is on the first frame.
_FIRST_FRAME = b"plain"
#: What stands beside the progress from the first step on.
_FIRST_POINT = b"ms per step"


@dataclass(slots=True)
class Record:
    """The events of a run as they are written, and when each kind was first seen."""

    folder: Path
    since: float
    seen: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    _position: int = 0

    def follow(self) -> None:
        """Note what is new."""
        path = self.folder / "events.jsonl"
        if not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            file.seek(self._position)
            for line in file:
                if not line.endswith("\n"):
                    break
                self._position += len(line.encode())
                kind = line.split('"', 4)[3]
                self.seen.setdefault(kind, time.perf_counter() - self.since)
                self.counts[kind] = self.counts.get(kind, 0) + 1


def run_beside(
    options: Sequence[str], columns: int, rows: int, *, app_first: bool
) -> dict[str, float]:
    """Run without the app and in it, and compare, in seconds from the start of the process.

    The first of two finds fewer files in memory, so whoever compares several pairs should have
    each begin in turn.
    """
    without = ["--no-ui", *options]
    if app_first:
        app, headless = (_run(each, columns, rows) for each in (options, without))
    else:
        headless, app = (_run(each, columns, rows) for each in (without, options))
    return {
        "first frame, s": app["frame"],
        "first step without the app, s": headless["StepTrained"],
        "first step in the app, s": app["StepTrained"],
        "first point on the screen, s": app["point"],
        "first point - first step without, s": (app["point"] - headless["StepTrained"]),
        "whole run without the app, s": headless["RunEnded"],
        "whole run in the app, s": app["RunEnded"],
        "whole run in the app / without": app["RunEnded"] / headless["RunEnded"],
    }


def _run(options: Sequence[str], columns: int, rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        command = bn_tui("--out", folder, *options)
        with PseudoTerminal(command, columns=columns, rows=rows) as terminal:
            record = Record(Path(folder), terminal.started)
            deadline = time.monotonic() + _LONGEST
            while "RunEnded" not in record.seen:
                assert time.monotonic() < deadline, terminal.screen
                assert terminal.process.poll() is None or record.seen, terminal.screen
                terminal.read(_GLANCE)
                for name, text in (("frame", _FIRST_FRAME), ("point", _FIRST_POINT)):
                    if name not in record.seen and text in terminal.output:
                        record.seen[name] = time.perf_counter() - record.since
                record.follow()
            if "--no-ui" not in options:
                terminal.wait_until(lambda: terminal.screen.lstrip().startswith("Results"))
                terminal.press("q")
            terminal.wait()
            return record.seen
