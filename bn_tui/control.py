"""How whoever watches a run steers it: flags that the trainers look at between steps."""


class Control:
    """The reins of one run, shared between threads.

    A plain attribute, and no lock: `stop` is called in signal handlers, one of which may
    interrupt another.
    """

    def __init__(self) -> None:
        self._stop_requested = False

    def stop(self) -> None:
        """Ask every trainer to stop before its next step."""
        self._stop_requested = True

    @property
    def stop_requested(self) -> bool:
        """Whether the run is to end."""
        return self._stop_requested
