"""The recorded run of the tour, as each step of it shows it."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from bn_tui.config import ExperimentConfig
from bn_tui.events import Event, RunStarted, StatisticsCompared, VariantEvent, from_json
from bn_tui.looking_back.told_run import ToldRun
from bn_tui.tour import TourStep

_FILE = "tour.jsonl.gz"


def find_recording() -> Traversable:
    """Find the recorded run: within the package where it is installed, or beside it in a checkout.

    The build puts the project's `assets/tour` into the package (see pyproject.toml).
    """
    package = files("bn_tui")
    installed = package / "assets" / "tour" / _FILE
    return installed if installed.is_file() else package / ".." / "assets" / "tour" / _FILE


def open_step(step: TourStep) -> ToldRun:
    """Open the recorded run with the variants of one step alone."""
    events = list(_read(step))
    config = next(event.config for event in events if isinstance(event, RunStarted))
    return ToldRun(ExperimentConfig.from_dict(config, _FILE), events)


def _read(step: TourStep) -> Iterator[Event]:
    for line in gzip.decompress(find_recording().read_bytes()).splitlines():
        event = from_json(line.decode())
        match event:
            case RunStarted():
                yield replace(event, config=event.config | {"variants": list(step.variants)})
            case VariantEvent() if event.variant not in step.variants:
                continue
            case StatisticsCompared() if not step.compares:
                continue
            case _:
                yield event
