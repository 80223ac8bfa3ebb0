"""Runs that are killed at some moment and resumed, beside one that nobody disturbs."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pseudo_terminal import bn_tui

from bn_tui.errors import ExitCode

_TIMES = {
    "seconds",
    "step_seconds",
    "seconds_per_step",
    "train_seconds",
    "probe_seconds",
    "details",
}
_GLANCE = 0.002
_LONGEST = 300.0

#: Tells from a run's folder whether the moment has come.
Moment = Callable[[Path], bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What two runs of the same settings have to agree in, whatever happened to them."""

    rows: dict[str, list[dict[str, Any]]]
    scores: dict[str, Any]


def run_whole(folder: Path, options: Sequence[str]) -> Outcome:
    """Run until the end, without anybody disturbing."""
    _finish(_start(folder, ["--out", str(folder), *options]))
    return read_outcome(folder)


def run_killed(
    folder: Path, options: Sequence[str], moments: Sequence[Moment]
) -> tuple[Outcome, list[str]]:
    """Kill a run at each moment in turn, resume it each time, and let it end.

    Returns:
        What it has come to, and what was there at each kill.
    """
    found = []
    process = _start(folder, ["--out", str(folder), *options])
    for moment in moments:
        if not _kill(process, folder, moment):
            break  # it has ended before
        found.append(_describe(folder))
        process = _start(folder, _go_on(folder, options))
    _finish(process)
    return read_outcome(folder), found


def _go_on(folder: Path, options: Sequence[str]) -> list[str]:
    """Resume, or begin again where nothing had been recorded yet."""
    if (folder / "config.json").exists():
        return ["--resume", str(folder)]
    shutil.rmtree(folder, ignore_errors=True)
    return ["--out", str(folder), *options]


def _start(folder: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    log = folder.with_suffix(".log").open("ab")
    with log:
        return subprocess.Popen(bn_tui("--no-ui", "--quiet", *options), stdout=log, stderr=log)


def _kill(process: subprocess.Popen[bytes], folder: Path, moment: Moment) -> bool:
    deadline = time.monotonic() + _LONGEST
    while not moment(folder):
        if process.poll() is not None:
            assert process.returncode == ExitCode.OK, _log(folder)
            return False
        assert time.monotonic() < deadline, "the moment has never come"
        time.sleep(_GLANCE)
    process.send_signal(signal.SIGKILL)
    return process.wait(_LONGEST) == -signal.SIGKILL


def _finish(process: subprocess.Popen[bytes]) -> None:
    code = process.wait(_LONGEST)
    # A run that had ended, results and all, when it was to be killed has nothing to go on with.
    assert code in (ExitCode.OK, ExitCode.USAGE), f"exit code {code}"


def _log(folder: Path) -> str:
    return folder.with_suffix(".log").read_text(errors="replace")


def _describe(folder: Path) -> str:
    """What the folder has at this moment, in a few words."""
    if not (folder / "config.json").exists():
        return "nothing recorded"
    lines = [line for line in _lines(folder) if '"step"' in line or '"phase"' in line]
    last = json.loads(lines[-1]) if lines else {"event": "no step"}
    where = f"{last['event']} {last.get('variant', '')} {last.get('step', last.get('phase', ''))}"
    saved = sorted(path.name for path in (folder / "checkpoints").glob("*"))
    return f"after {where}, checkpoints {', '.join(saved) or 'none'}"


def read_outcome(folder: Path) -> Outcome:
    """Read what a run has come to, times aside."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in _lines(folder):
        event = json.loads(line)
        name = event.get("variant")
        if name is not None:
            row = {key: value for key, value in event.items() if key not in _TIMES}
            rows.setdefault(name, []).append(row)
    results = json.loads((folder / "results.json").read_text())
    scores = {
        name: {key: value for key, value in variant.items() if key not in _TIMES}
        for name, variant in results["variants"].items()
    }
    return Outcome(rows, scores)


def _lines(folder: Path) -> list[str]:
    text = (folder / "events.jsonl").read_text() if (folder / "events.jsonl").exists() else ""
    return [line for line in text.split("\n")[:-1] if line]


# Moments.


def after(seconds: float) -> Moment:
    """So many seconds after this is first asked."""
    clock: list[float] = []

    def come(_: Path) -> bool:
        clock.append(clock[0] if clock else time.monotonic())
        del clock[1:]
        return time.monotonic() >= clock[0] + seconds

    return come


def while_saving(folder: Path) -> bool:
    """While a checkpoint is being written, which has a name of its own until it is whole."""
    return any(not path.name.isdigit() for path in (folder / "checkpoints").glob("*"))


def at_event(text: str, *, count: int = 1) -> Moment:
    """As soon as the record has a text so many times more than when this is first asked."""
    before: list[int] = []

    def come(folder: Path) -> bool:
        events = folder / "events.jsonl"
        found = events.read_text(errors="replace").count(text) if events.exists() else 0
        if not before:
            before.append(found)
        return found >= before[0] + count

    return come


def named_moments() -> Iterator[tuple[str, Moment]]:
    """The moments that a run is likely to be hurt in."""
    yield "import", after(1.0)
    yield "first step", at_event('"StepTrained"')
    yield "mid-checkpoint", while_saving
    yield "validation", at_event('"validating"', count=2)
    yield "final scores", at_event('"TestEvaluated"')
