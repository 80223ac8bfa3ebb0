"""How a recorded run goes on: with what settings, from where, and what of its record stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bn_tui.config import ExperimentConfig
from bn_tui.events import Event, Phase
from bn_tui.records.checkpoint import Checkpoint
from bn_tui.records.excerpt import Excerpt
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
        excerpt: what of the record stays.
        notes: lines for the person, such as that a checkpoint is damaged.
        forced: whether the person insists on going on, whatever is not as it was.
        differences: what is not as it was in settings and folder, where the person insists.
        forced_before: the same of the processes before, and of theirs all there was.
    """

    folder: RunFolder
    identity: Identity
    config: ExperimentConfig
    resumption: Resumption
    checkpoint: Checkpoint | None
    phases: Mapping[str, Phase]
    excerpt: Excerpt
    notes: tuple[str, ...]
    forced: bool
    differences: tuple[str, ...]
    forced_before: tuple[str, ...]

    @property
    def keeps_the_beginning(self) -> bool:
        """Whether the record has what comes before the variants' events."""
        return self.excerpt.lines > 0

    def lines(self) -> Iterator[tuple[Event, bytes]]:
        """Give the events that stay, each with its line.

        RunStarted has the settings from now on, and the version of what is stated then.

        Raises:
            BnTuiError: they are not there any more.
            OSError: they cannot be read.
        """
        return self.excerpt.read(self.folder.path)
