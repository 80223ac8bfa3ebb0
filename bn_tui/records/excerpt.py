"""What of a record stays when its run goes on, and reading that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from bn_tui.events import (
    SCHEMA,
    DataLoaded,
    DataProgressed,
    Event,
    RunStarted,
    SamplesChosen,
    VariantEvent,
    to_json,
)
from bn_tui.records.reading import read_events


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first events of each variant, and what comes before the work of all.

    It reads the same from the record that it was made for and from the one that takes its place,
    which begins with it.

    Attributes:
        lines: how many lines of the record it is taken from; 0 keeps nothing.
        events: variant → how many of its own events stay.
        config: the settings that RunStarted has from now on, as plain data.
    """

    lines: int
    events: Mapping[str, int]
    config: Mapping[str, Any]

    def read(self, folder: Path) -> Iterator[tuple[Event, bytes]]:
        """Give the events that stay, each with its line.

        Raises:
            BnTuiError: they are not there any more.
            OSError: they cannot be read.
        """
        left = dict(self.events)
        for event, line in islice(read_events(folder), self.lines):
            match event:
                case RunStarted():
                    restated = replace(event, schema=SCHEMA, config=dict(self.config))
                    yield restated, to_json(restated).encode() + b"\n"
                case DataProgressed() | DataLoaded() | SamplesChosen():
                    yield event, line
                case VariantEvent() if left.get(event.variant):
                    left[event.variant] -= 1
                    yield event, line
