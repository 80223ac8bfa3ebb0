"""All that the screens draw from: what a run has come to, and how it came there."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    RunStarted,
    SamplesChosen,
    VariantEvent,
)
from bn_tui.insight.summary import RunSummary, VariantSummary
from bn_tui.insight.variant_history import VariantHistory


@dataclass(slots=True)
class RunHistory:
    """How a run came to where it is, variant by variant in the order asked for.

    `progress` is the download or drawing under way, None once the data are loaded. `version`
    grows with each event. What comes before RunStarted, or of a variant that the run did not
    name, is no part of the run and left out.
    """

    summary: RunSummary = field(default_factory=RunSummary)
    samples: SamplesChosen | None = None
    progress: DataProgressed | None = None
    variants: dict[str, VariantHistory] = field(default_factory=dict)
    version: int = 0

    @property
    def ended(self) -> bool:
        """Whether every variant has ended, however."""
        variants = self.variants.values()
        return bool(variants) and all(variant.summary.status for variant in variants)

    @property
    def judged(self) -> bool:
        """Whether any variant's weights have been judged with several kinds of statistics."""
        return any(variant.judged for variant in self.variants.values())

    def give_up(self, names: Sequence[str]) -> None:
        """Note that none of these variants will train, which no event says."""
        self.version += 1
        self.progress = None
        for name in names:
            variant = self.variants.setdefault(name, VariantHistory(VariantSummary()))
            variant.summary.never_started = True

    def add(self, event: Event) -> None:
        """Take in the next event of the stream."""
        self.version += 1
        if isinstance(event, VariantEvent):
            if event.variant in self.variants:
                self.summary.add(event)
                self.variants[event.variant].add(event)
            return
        self.summary.add(event)
        match event:
            case RunStarted():
                summaries = self.summary.variants
                self.variants = {name: VariantHistory(summaries[name]) for name in summaries}
            case DataProgressed():
                self.progress = event
            case DataLoaded():
                self.progress = None
            case SamplesChosen():
                self.samples = event
