"""Make the tour's recording of a run that has its variants.

bn-tui --no-ui --variants plain,manual,batch-at-inference --data mnist --out RUN
PYTHONPATH=tests python tests/record_tour.py RUN
"""

import gzip
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    LayersProbed,
    RunStarted,
    StepTrained,
    from_json,
    to_json,
)

RECORDING = Path(__file__).parents[1] / "assets" / "tour" / "tour.jsonl.gz"

#: Looks inside are kept every so many steps.
PROBES = 100

#: How many digits of a number are kept; no chart shows more.
DIGITS = 4

#: Kept as they are: what a constant answer is known by, and what is counted.
EXACT = frozenset({"accuracy", "moving_accuracy", "batch_accuracy", "precise_accuracy", "seconds"})


def thin(events: list[Event]) -> Iterator[Event]:
    """Leave out what the tour shows nothing of, and the machine that it was recorded on."""
    for event in events:
        match event:
            case DataProgressed():
                continue
            case LayersProbed() if event.step % PROBES:
                continue
            case RunStarted():
                config = event.config | {"data": "mnist", "threads": None}
                kept = ("bn_tui", "python", "tensorflow", "keras", "numpy")
                environment = {name: event.environment[name] for name in kept}
                yield replace(event, config=config, environment=environment)
            case DataLoaded():
                yield replace(event, name="mnist", source="recorded for the tour")
            case _:
                yield shorten(event)


def shorten(event: Event) -> Event:
    """Round the numbers of an event."""
    values: dict[str, Any] = {
        field.name: round_number(getattr(event, field.name))
        for field in fields(event)
        if field.name not in EXACT
    }
    if isinstance(event, StepTrained):
        values["accuracy"] = round_number(event.accuracy)
    return replace(event, **values, seconds=round(event.seconds, 2))


def round_number(value: Any) -> Any:
    """Round a float, or each of several."""
    if isinstance(value, tuple):
        return tuple(map(round_number, value))
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def main() -> None:
    """Write the recording."""
    lines = (Path(sys.argv[1]) / "events.jsonl").read_text(encoding="utf-8").splitlines()
    told = "".join(f"{to_json(event)}\n" for event in thin([from_json(line) for line in lines]))
    RECORDING.parent.mkdir(exist_ok=True)
    RECORDING.write_bytes(gzip.compress(told.encode(), mtime=0))


if __name__ == "__main__":
    main()
