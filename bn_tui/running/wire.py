"""What an app and the process that trains for it say to each other, a line of JSON at a time.

The app writes an order first and commands later; the end of them is the command to stop, so a
process whose app is gone trains for nobody. It answers with events as they are recorded, or with
why there will be none; what a run that goes on had recorded before, the app reads for itself.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import ExitCode
from bn_tui.events import Event, from_json
from bn_tui.records.excerpt import Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be trained, and where it is kept.

    Attributes:
        config: the settings; those of a run that goes on are what its record makes of them.
        folder: what keeps it, as `prepare_folder` leaves it; None keeps nothing.
        resumes: whether the folder holds a run that goes on.
        changes: the settings that a person gave for a run that goes on, as plain data.
        force: whether it goes on though settings, data or environment are not the same.
    """

    config: ExperimentConfig
    folder: Path | None = None
    resumes: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    force: bool = False

    def to_line(self) -> str:
        """Write it as one line."""
        folder = None if self.folder is None else str(self.folder)
        plain = {
            "config": self.config.as_dict(),
            "folder": folder,
            "resumes": self.resumes,
            "changes": dict(self.changes),
            "force": self.force,
        }
        return json.dumps(plain) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Order":
        """Read what `to_line` wrote."""
        order = json.loads(line)
        folder = None if order["folder"] is None else Path(order["folder"])
        return cls(
            config=ExperimentConfig.from_dict(order["config"], "an order"),
            folder=folder,
            resumes=order["resumes"],
            changes=order["changes"],
            force=order["force"],
        )


@dataclass(frozen=True, slots=True)
class Recall:
    """What of the record in its folder a run goes on with: its first events."""

    excerpt: Excerpt

    def to_line(self) -> str:
        """Write it as one line."""
        return json.dumps({"recall": asdict(self.excerpt)}) + "\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was trained, or the record ends: a message for a person, and its exit code."""

    message: str
    code: ExitCode

    def to_line(self) -> str:
        """Write it as one line."""
        return json.dumps({"refusal": asdict(self)}) + "\n"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What broke the process, where it was no fault of the settings, the data or the output."""

    traceback: str

    def to_line(self) -> str:
        """Write it as one line."""
        return json.dumps({"breakdown": asdict(self)}) + "\n"


def read_answer(line: str) -> Event | Recall | Refusal | Breakdown:
    """Read a line that the process has written.

    Raises:
        ValueError: it is no answer.
    """
    if line.startswith('{"recall"'):
        return Recall(Excerpt(**json.loads(line)["recall"]))
    if line.startswith('{"refusal"'):
        refusal = json.loads(line)["refusal"]
        return Refusal(refusal["message"], ExitCode(refusal["code"]))
    if line.startswith('{"breakdown"'):
        return Breakdown(**json.loads(line)["breakdown"])
    return from_json(line)


class RemoteControl(Control):
    """The reins of a run in another process, which reads what is written to `pipe`.

    Writing never waits, as it may happen in a signal handler: a process that has ended, or that
    reads nothing any more, misses the command, and is ended by whoever has started it.
    """

    def __init__(self, pipe: FileIO) -> None:
        super().__init__()
        self._pipe = pipe
        os.set_blocking(pipe.fileno(), False)

    def stop(self) -> None:
        """Ask every trainer to stop before its next step."""
        super().stop()
        self._send("stop")

    def stop_variant(self, variant: str) -> None:
        """Ask one trainer to stop before its next step; the others go on."""
        super().stop_variant(variant)
        self._send("stop_variant", variant)

    def pause(self, variant: str) -> None:
        """Ask one trainer to wait before its next step."""
        super().pause(variant)
        self._send("pause", variant)

    def resume(self, variant: str) -> None:
        """Let one trainer go on."""
        super().resume(variant)
        self._send("resume", variant)

    def _send(self, *command: str) -> None:
        if not self._pipe.closed:
            # ValueError: it was closed this very moment.
            with suppress(BrokenPipeError, ValueError):
                self._pipe.write(f"{json.dumps(command)}\n".encode())


def obey(commands: Iterable[str], control: Control) -> None:
    """Do what each line commands, and stop at the end of them."""
    steer: dict[str, Callable[..., None]] = {
        "stop": control.stop,
        "stop_variant": control.stop_variant,
        "pause": control.pause,
        "resume": control.resume,
    }
    try:
        for line in commands:
            name, *variants = json.loads(line)
            steer[name](*variants)
    finally:
        control.stop()
