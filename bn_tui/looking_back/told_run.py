"""A run whose events come from elsewhere than its folder, for the same screens."""

from collections.abc import Iterable
from itertools import islice

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import BnTuiError
from bn_tui.events import Event


class ToldRun:
    """A run that is over, all at once; nothing steers it.

    Attributes:
        left: whether there may be events that `take` has not given yet.

    Raises:
        BnTuiError: by `take`, where the events cannot be read on.
    """

    error: BnTuiError | None = None
    origin = "recorded"
    replay = None
    folder = None
    ended = True
    recalling = True

    def __init__(self, config: ExperimentConfig, events: Iterable[Event]) -> None:
        self.config = config
        self.control = Control()
        self.left = True
        self._events = iter(events)
        self._seconds = 0.0

    def take(self, limit: int) -> list[Event]:
        """Give the next events, at most `limit`."""
        taken = list(islice(self._events, limit))
        self.left = len(taken) == limit
        if taken:
            self._seconds = taken[-1].seconds
        return taken

    def now(self) -> float:
        """Seconds since it began, as its events count them."""
        return self._seconds

    def native_output(self, _limit: int) -> str:
        """Nothing: it is not among the events."""
        return ""
