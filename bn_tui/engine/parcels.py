"""How a trainer hands its states to whoever consumes the events, without waiting for them."""

from collections.abc import Callable

from bn_tui.state import TrainingState


class Parcel:
    """One state among the events; it may be empty by the time that it arrives."""

    def __init__(self, state: TrainingState) -> None:
        self._state: TrainingState | None = state

    def take(self) -> TrainingState | None:
        """Give what is inside, once."""
        state, self._state = self._state, None
        return state

    @property
    def is_empty(self) -> bool:
        """Whether its state has been taken, or a newer one is on its way."""
        return self._state is None


class Sender:
    """Sends one variant's states, of which two at most wait to be taken.

    A state is megabytes, and whoever consumes the events may be held up for hours. Of those that
    wait, the first stays, so that something arrives however late, and the last, because it is the
    newest.
    """

    def __init__(self, put: Callable[[Parcel], None]) -> None:
        self._put = put
        self._waiting: list[Parcel] = []

    def send(self, state: TrainingState) -> None:
        """Send a newer state than those before."""
        waiting = [parcel for parcel in self._waiting if not parcel.is_empty]
        for parcel in waiting[1:]:
            parcel.take()
        newest = Parcel(state)
        self._waiting = [*waiting[:1], newest]
        self._put(newest)
