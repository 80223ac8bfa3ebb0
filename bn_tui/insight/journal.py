"""The log as a screen keeps it: the latest of the lines that `--no-ui` prints."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bn_tui.events import (
    DataLoaded,
    Event,
    ResumptionNoted,
    RunStarted,
    SavingFailed,
    VariantEvent,
)
from bn_tui.insight.diagnosis import Diagnosis
from bn_tui.insight.lines import (
    describe_data,
    describe_failed_saving,
    describe_resumption,
    describe_turn,
    original_line,
    tag,
)

#: How many lines are kept; a run of 800 batches has some 40 for each variant.
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `variant` is the one whose tag it begins with, None where it has none."""

    text: str
    variant: str | None = None


class Lines:
    """The latest lines of what grows at its end, each known by its number from 0."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._kept: deque[Line] = deque(maxlen=MOST_LINES)
        self._count = 0
        for line in lines:
            self.append(line)

    @property
    def first(self) -> int:
        """The number of the earliest line that is kept."""
        return self._count - len(self._kept)

    @property
    def count(self) -> int:
        """How many lines there have been, which is the number of the next one."""
        return self._count

    def append(self, line: Line) -> None:
        """Put a line behind the others; the earliest is lost where there are too many."""
        self._kept.append(line)
        self._count += 1

    def since(self, number: int) -> list[Line]:
        """Give the lines from this number on, as far as they are kept."""
        back = self._count - max(number, self.first)
        return [self._kept[-place] for place in range(back, 0, -1)]


class Journal:
    """The lines of one run, as `--no-ui` prints them; variants it did not name have none."""

    def __init__(self) -> None:
        self.lines = Lines()
        self._variants: tuple[str, ...] = ()
        self._bare = False

    def add(self, event: Event, turns: Sequence[Diagnosis] = ()) -> None:
        """Take in the next event of the stream, and the diagnoses that begin or end with it."""
        match event:
            case RunStarted():
                self._variants = tuple(event.config["variants"])
                # The original had no tags: it trained one variant at a time.
                self._bare = event.config["sequential"] and len(self._variants) == 1
            case DataLoaded():
                self.lines.append(Line(describe_data(event)))
            case SavingFailed():
                self.lines.append(Line(describe_failed_saving(event)))
            case ResumptionNoted():
                self.lines.append(Line(describe_resumption(event)))
            case VariantEvent() if event.variant in self._variants:
                self._append(original_line(event), event.variant)
        for diagnosis in turns:
            self._append(describe_turn(diagnosis), diagnosis.variant)

    def _append(self, text: str | None, variant: str) -> None:
        if text is None:
            return
        if self._bare:
            self.lines.append(Line(text))
        else:
            self.lines.append(Line(tag(text, variant, self._variants), variant))
