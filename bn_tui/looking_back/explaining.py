"""`bn-tui explain`: what is or was the matter in a kept run, with the numbers that say so."""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bn_tui.errors import ExitCode
from bn_tui.events import RunStarted, plain
from bn_tui.insight.diagnosis import Diagnosis
from bn_tui.insight.history import RunHistory
from bn_tui.insight.lines import count_batches
from bn_tui.looking_back.kept_runs import KeptRuns
from bn_tui.looking_back.recorded_run import RecordedRun, open_run

#: How many events are read at once, and how wide the text is at most.
_AT_ONCE = 1000
_WIDEST = 100

_INDENT = "  "


def explain(run: str, *, as_json: bool = False) -> ExitCode:
    """Print the diagnoses of a run; of one that still trains, those there are so far.

    Raises:
        BnTuiError: the run is not there, or cannot be read.
        OSError: stdout cannot be written.
    """
    opened = open_run(KeptRuns().find(run))
    history = read_history(opened)
    if as_json:
        document = plain(describe(opened.folder, history))
        sys.stdout.write(f"{json.dumps(document, indent=2, allow_nan=False)}\n")
    else:
        width = min(shutil.get_terminal_size().columns, _WIDEST)
        title = f"{opened.folder.resolve().name}, {opened.origin}"
        _write("".join(f"{line}\n" for line in render(title, history, width)))
    return ExitCode.OK


def _write(text: str) -> None:
    """Write what stdout can encode of a text, and a question mark for what it cannot."""
    encoding = sys.stdout.encoding
    sys.stdout.write(text.encode(encoding, errors="replace").decode(encoding))


def read_history(run: RecordedRun) -> RunHistory:
    """Take in all that a run has stated by now.

    Raises:
        BnTuiError: it cannot be read.
    """
    history = RunHistory()
    while events := run.take(_AT_ONCE):
        for event in events:
            if isinstance(event, RunStarted):
                history = RunHistory()  # it has been resumed: its events have begun again
            history.add(event)
    if run.error is not None:
        raise run.error
    if run.ended:
        history.interrupt()
    return history


def describe(folder: Path, history: RunHistory) -> dict[str, Any]:
    """Tell the diagnoses of each variant as plain data, and what is behind each kind of them."""
    return {
        "run": folder.resolve().name,
        "variants": {
            name: {
                "status": variant.summary.state,
                "steps": variant.summary.steps,
                "diagnoses": [each.as_dict() for each in history.diagnoses_of(name)],
            }
            for name, variant in history.variants.items()
        },
        "about": _collect_abouts(history),
    }


def _collect_abouts(history: RunHistory) -> dict[str, str]:
    return {each.code: each.check.about for each in history.diagnoses}


def render(title: str, history: RunHistory, width: int) -> Iterator[str]:
    """Give the lines of the text: variant by variant, and then what is behind it all."""
    yield title
    for name, variant in history.variants.items():
        summary = variant.summary
        yield ""
        yield f"{name}: {summary.state} after {count_batches(summary.steps)}"
        diagnoses = history.diagnoses_of(name)
        for diagnosis in diagnoses:
            yield from _render_diagnosis(diagnosis, width)
        if not diagnoses:
            yield f"{_INDENT}no numbers show anything the matter"
    for code, about in _collect_abouts(history).items():
        yield ""
        yield from _fold(f"{code}: {about}", width)


def _render_diagnosis(diagnosis: Diagnosis, width: int) -> Iterator[str]:
    state = "" if diagnosis.still else ", over"
    yield from _fold(f"{diagnosis.code}{state}: {diagnosis.words}.", width, _INDENT)
    numbers = (f"{name} {value:.6g}" for name, value in diagnosis.evidence.items())
    yield from _fold(", ".join(numbers), width, 2 * _INDENT)


def _fold(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + _INDENT,
        break_on_hyphens=False,
    )
