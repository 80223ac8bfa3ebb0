"""What the variants of a run do one at a time, each in its turn."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Turns:
    """A lock that is had once by each of these names, in their order.

    Whoever comes early waits, and is passed over once it has left.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._waiting = list(names)
        self._changed = threading.Condition()

    @contextmanager
    def take(self, name: str) -> Iterator[None]:
        """Wait for the turn of `name`, and end it with the block.

        Raises:
            ValueError: its turn is over, or never was to come.
        """
        with self._changed:
            if name not in self._waiting:
                raise ValueError(f"{name} has no turn any more")
            self._changed.wait_for(lambda: self._waiting[0] == name)
        try:
            yield
        finally:
            self.leave(name)

    def leave(self, name: str) -> None:
        """Let the others go on without `name`, whose turn may be over."""
        with self._changed:
            if name in self._waiting:
                self._waiting.remove(name)
                self._changed.notify_all()
