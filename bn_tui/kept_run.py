"""What is known of a run that is kept, without reading all of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bn_tui.events import Status

#: The time that the name of a run begins with.
_TIME = re.compile(r"\d[\d:T-]*[-_](?=.)")


def shorten(name: str) -> str:
    """Give a run's name without the time that it begins with; other names stay as they are."""
    return _TIME.sub("", name, count=1) if _TIME.match(name) else name


class KeptState(StrEnum):
    """Where a kept run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class KeptVariant:
    """What one variant has come to; None is what is not known.

    `status` is how it ended, None where it has not; the accuracies are from 0 to 1.
    """

    steps: int | None
    status: Status | None = None
    validation_accuracy: float | None = None
    test_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One run of the state folder.

    `name` is its folder's, `started_at` in UTC, `batches` how many each variant was asked to
    train, and `problem` why it cannot be read, where it cannot.
    """

    name: str
    folder: Path
    state: KeptState
    started_at: datetime | None = None
    data: str = ""
    batches: int = 0
    variants: Mapping[str, KeptVariant] | None = None
    problem: str | None = None

    @property
    def short_name(self) -> str:
        """Its name without the time that it begins with."""
        return shorten(self.name)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "state": self.state,
            "started_at": None if self.started_at is None else self.started_at.isoformat(),
            "data": self.data,
            "batches": self.batches,
            "variants": {
                name: {
                    "steps": variant.steps,
                    "status": variant.status,
                    "validation_accuracy": variant.validation_accuracy,
                    "test_accuracy": variant.test_accuracy,
                }
                for name, variant in (self.variants or {}).items()
            },
            "problem": self.problem,
        }
