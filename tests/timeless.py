"""An event loop that waits for nothing: where there is nothing to do until a moment, it is then."""

import asyncio
from selectors import DefaultSelector


class Clock:
    """Tells the time, in seconds, of loops that do not wait."""

    def __init__(self):
        self.now = 0.0

    def time(self):
        return self.now


class _Selector(DefaultSelector):
    """Has a clock advance by as long as it would have slept."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def select(self, timeout=None):
        if timeout is None:  # nothing is going to happen in this thread
            return super().select()
        ready = super().select(0)
        if not ready:
            self._clock.now += max(timeout, 0.0)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock):
        super().__init__(_Selector(clock))
        self.time = clock.time


class TimelessPolicy(asyncio.DefaultEventLoopPolicy):
    """Has `asyncio.run` work by a clock that advances while nothing is to be done, and only then.

    However busy the machine is, the same work is done between two ticks of a timer. What a loop
    waits for has to be done in its own thread: another's would seem to take for ever.
    """

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def new_event_loop(self):
        return _Loop(self._clock)
