"""What the variants of a run do one at a time, each in its turn."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bn_tui.control import Reins

#: How long to wait for a turn before looking whether the variant is to stop, in seconds.
_PATIENCE = 0.1


class Turns:
    """A lock that is had once by each of these names, in their order.

    Whoever comes early waits, and is passed over once it has left.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._waiting = list(names)
        self._changed = threading.Condition()

    @contextmanager
    def take(self, name: str, reins: Reins) -> Iterator[None]:
        """Wait for the turn of `name`, and end it with the block.

        Raises:
            Stopped: it was asked to stop while it waited, which gives up its turn.
            ValueError: its turn is over, or never was to come.
        """
        try:
            self._wait(name, reins)
            yield
        finally:
            self.leave(name)

    def _wait(self, name: str, reins: Reins) -> None:
        with self._changed:
            if name not in self._waiting:
                raise ValueError(f"{name} has no turn any more")
            while self._waiting[0] != name:
                reins.raise_if_stopped()
                self._changed.wait(_PATIENCE)

    def leave(self, name: str) -> None:
        """Let the others go on without `name`, whose turn may be over."""
        with self._changed:
            if name in self._waiting:
                self._waiting.remove(name)
                self._changed.notify_all()
