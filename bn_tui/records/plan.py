"""How a recorded run goes on: with what settings, from where, and what of its record stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bn_tui.config import ExperimentConfig
from bn_tui.events import (
    SCHEMA,
    DataLoaded,
    DataProgressed,
    Event,
    Phase,
    RunStarted,
    SamplesChosen,
    VariantEvent,
    to_json,
)
from bn_tui.records.checkpoint import Checkpoint
from bn_tui.records.event_lines import read_events
from bn_tui.records.folder import RunFolder
from bn_tui.records.identity import Identity
from bn_tui.state import Resumption


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes on.

    Attributes:
        folder: the run's.
        identity: the run as it was.
        config: the settings that it goes on with.
        resumption: what the engine goes on from.
        checkpoint: the states of all variants, the ended ones too, as saved in the generation
            that no newer one replaces before there are two.
        phases: what each variant was doing where its record is cut.
        keeps_the_beginning: whether the record has what comes before the variants' events.
        notes: lines for the person, such as that a checkpoint is damaged.
        forced: whether the person insisted on going on with another environment or other data.
        differences: settings that differ, where the person insisted.
    """

    folder: RunFolder
    identity: Identity
    config: ExperimentConfig
    resumption: Resumption
    checkpoint: Checkpoint | None
    phases: Mapping[str, Phase]
    keeps_the_beginning: bool
    notes: tuple[str, ...]
    forced: bool
    differences: tuple[str, ...]

    def lines(self) -> Iterator[tuple[Event, bytes]]:
        """Give the events that stay, each with its line.

        RunStarted has the settings from now on, and the version of what is stated then.

        Raises:
            OSError: they cannot be read.
        """
        if not self.keeps_the_beginning:
            return
        seen = dict.fromkeys(self.resumption.events, 0)
        for event, line in read_events(self.folder.events):
            match event:
                case RunStarted():
                    restated = replace(event, schema=SCHEMA, config=self.config.as_dict())
                    yield restated, to_json(restated).encode() + b"\n"
                case DataProgressed() | DataLoaded() | SamplesChosen():
                    yield event, line
                case VariantEvent() if event.variant in seen:
                    seen[event.variant] += 1
                    if seen[event.variant] <= self.resumption.events[event.variant]:
                        yield event, line

    def events(self) -> Iterator[Event]:
        """Give the events that stay, for whoever shows the run from its beginning.

        Raises:
            OSError: they cannot be read.
        """
        return (event for event, _ in self.lines())
