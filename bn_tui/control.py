"""How whoever watches a run steers it: what the trainers look at between steps."""

from dataclasses import dataclass


class Stopped(Exception):
    """The run was asked to stop in the middle of something that has no result then."""


class Control:
    """The reins of one run, shared between threads.

    Plain attributes, and no lock: `stop` is called in signal handlers, one of which may
    interrupt another.
    """

    def __init__(self) -> None:
        self._stop_requested = False
        self._stopped: set[str] = set()
        self._paused: set[str] = set()

    def stop(self) -> None:
        """Ask every trainer to stop before its next step."""
        self._stop_requested = True

    def stop_variant(self, variant: str) -> None:
        """Ask one trainer to stop before its next step; the others go on."""
        self._stopped.add(variant)

    def pause(self, variant: str) -> None:
        """Ask one trainer to wait before its next step."""
        self._paused.add(variant)

    def resume(self, variant: str) -> None:
        """Let one trainer go on."""
        self._paused.discard(variant)

    @property
    def stop_requested(self) -> bool:
        """Whether the run is to end."""
        return self._stop_requested

    def raise_if_stopped(self) -> None:
        """Leave what is being done.

        Raises:
            Stopped: the run is to end.
        """
        if self._stop_requested:
            raise Stopped

    def reins(self, variant: str) -> "Reins":
        """What the trainer of one variant looks at."""
        return Reins(self, variant)

    def stops(self, variant: str) -> bool:
        """Whether a variant is to stop, with the run or alone."""
        return self._stop_requested or variant in self._stopped

    def pauses(self, variant: str) -> bool:
        """Whether a variant is to wait; one that is to stop is not."""
        return variant in self._paused and not self.stops(variant)


@dataclass(frozen=True, slots=True)
class Reins:
    """The control of a run, as one variant feels it."""

    control: Control
    variant: str

    @property
    def paused(self) -> bool:
        """Whether the variant is to wait."""
        return self.control.pauses(self.variant)

    def raise_if_stopped(self) -> None:
        """Leave what is being done.

        Raises:
            Stopped: the variant is to stop, or the whole run.
        """
        if self.control.stops(self.variant):
            raise Stopped
