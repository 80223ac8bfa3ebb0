"""What the screens need of a run, whether it trains now or was recorded."""

from pathlib import Path
from typing import Protocol

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import BnTuiError
from bn_tui.events import Event


class Replay(Protocol):
    """What a person may do with a run that is played as it happened."""

    @property
    def paused(self) -> bool:
        """Whether it stands still."""

    @property
    def ended(self) -> bool:
        """Whether it has come to its end."""

    @property
    def origin(self) -> str:
        """How fast it is played, in words."""

    def toggle_pause(self) -> None:
        """Stand still, or go on."""

    def change_speed(self, steps: int) -> None:
        """Play twice as fast for each step, or half as fast for each below 0."""

    def begin_again(self) -> None:
        """Play it from its beginning."""


class Run(Protocol):
    """A run that can be watched, and steered where it trains now."""

    @property
    def origin(self) -> str:
        """Where it comes from, in words; nothing where it trains here, and can be steered."""

    @property
    def replay(self) -> Replay | None:
        """How it is played, where it is played as it happened."""

    @property
    def folder(self) -> Path | None:
        """What keeps it, where that is one folder."""

    @property
    def config(self) -> ExperimentConfig:
        """Its settings, known before its first event."""

    @property
    def control(self) -> Control:
        """Its reins."""

    @property
    def ended(self) -> bool:
        """Whether no event will follow those that `take` still gives."""

    @property
    def error(self) -> BnTuiError | None:
        """What kept it from training, where something did."""

    @property
    def recalling(self) -> bool:
        """Whether what `take` gives next was recorded before, so that nobody waits for more."""

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`, without waiting."""

    def now(self) -> float:
        """Seconds since it began, as its events count them."""

    def native_output(self, limit: int) -> str:
        """What native code has printed so far, at most the last `limit` bytes of it."""
