"""A series of any length in a few parts: when they are full, neighbours merge."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar


class Part(Protocol):
    """What was measured from `first_step` to `last_step`, both included, `count` times."""

    @property
    def first_step(self) -> int: ...  # noqa: D102 -- told above
    @property
    def last_step(self) -> int: ...  # noqa: D102
    @property
    def count(self) -> int: ...  # noqa: D102


AnyPart = TypeVar("AnyPart", bound=Part)


class Parts(Generic[AnyPart]):
    """At most `capacity` parts, each of as many values as the others, but for the last.

    `merge` joins adjacent ones, at least one, into one; `extend` does so with two, of which the
    second is of one value.

    Raises:
        ValueError: `capacity` is less than 2, which leaves nothing to merge.
    """

    def __init__(
        self,
        capacity: int,
        merge: Callable[[Sequence[AnyPart]], AnyPart],
        extend: Callable[[AnyPart, AnyPart], AnyPart] | None = None,
    ) -> None:
        if capacity < 2:
            raise ValueError(f"neighbours need room for at least 2 parts, got {capacity}")
        self._capacity = capacity
        self._merge = merge
        self._extend = extend or (lambda *parts: merge(parts))
        self._width = 1
        self._parts: list[AnyPart] = []

    def add(self, part: AnyPart) -> bool:
        """Take in the next value, a part of its own; tells whether all the others have merged."""
        full = len(self._parts) == self._capacity and not self._takes_more
        if full:
            self._halve()
        if self._takes_more:
            self._parts[-1] = self._extend(self._parts[-1], part)
        else:
            self._parts.append(part)
        return full

    @property
    def _takes_more(self) -> bool:
        """Whether the last part has room for another value."""
        return bool(self._parts) and self._parts[-1].count < self._width

    def _halve(self) -> None:
        pairs = range(0, len(self._parts), 2)
        self._parts = [self._merge(self._parts[start : start + 2]) for start in pairs]
        self._width *= 2

    @property
    def all(self) -> Sequence[AnyPart]:
        """All of them, in order, as they are now: the next value may change the last."""
        return self._parts

    def at(self, step: int) -> AnyPart | None:
        """Find the part that covers a step, or else the nearest before it."""
        index = bisect_right(self._parts, step, key=lambda part: part.first_step)
        return self._parts[index - 1] if index else None
