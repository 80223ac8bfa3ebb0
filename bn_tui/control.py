"""How whoever watches a run steers it: flags that the trainers look at between steps."""

import threading


class Control:
    """The reins of one run, shared between threads."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask every trainer to stop before its next step; safe in a signal handler."""
        self._stop.set()

    @property
    def stop_requested(self) -> bool:
        """Whether the run is to end."""
        return self._stop.is_set()
