"""All that the screens draw from: what a run has come to, and how it came there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    RunStarted,
    SamplesChosen,
    VariantEvent,
)
from bn_tui.insight.diagnosing import VariantDiagnoses
from bn_tui.insight.diagnosis import Diagnosis
from bn_tui.insight.summary import RunSummary, VariantSummary
from bn_tui.insight.variant_history import VariantHistory


@dataclass(slots=True)
class RunHistory:
    """How a run came to where it is, variant by variant in the order asked for.

    `progress` is the download or drawing under way, None once the data are loaded. `version`
    grows with each event. `turns` are the diagnoses that began or ended with the latest event.
    What comes before RunStarted, or of a variant that the run did not name, is no part of the
    run and left out.
    """

    summary: RunSummary = field(default_factory=RunSummary)
    samples: SamplesChosen | None = None
    progress: DataProgressed | None = None
    variants: dict[str, VariantHistory] = field(default_factory=dict)
    version: int = 0
    turns: tuple[Diagnosis, ...] = ()
    _diagnoses: dict[str, VariantDiagnoses] = field(default_factory=dict)

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What is or was the matter, variant by variant, the gravest first."""
        return tuple(each for name in self._diagnoses for each in self.diagnoses_of(name))

    def diagnoses_of(self, name: str) -> tuple[Diagnosis, ...]:
        """What is or was the matter with one variant, the gravest first."""
        return self._diagnoses[name].all if name in self._diagnoses else ()

    @property
    def ended(self) -> bool:
        """Whether every variant has ended, however."""
        variants = self.variants.values()
        return bool(variants) and all(variant.summary.status for variant in variants)

    @property
    def judged(self) -> bool:
        """Whether any variant's weights have been judged with several kinds of statistics."""
        return any(variant.judged for variant in self.variants.values())

    def interrupt(self) -> None:
        """Note that nobody trains it any more, though its record does not say so."""
        for variant in self.variants.values():
            variant.summary.interrupted = True
        self.version += 1

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
        self.turns = ()
        if isinstance(event, VariantEvent):
            if event.variant in self.variants:
                self._add_of_variant(event)
            return
        self.summary.add(event)
        match event:
            case RunStarted():
                summaries = self.summary.variants
                self.variants = {name: VariantHistory(summaries[name]) for name in summaries}
                self._diagnoses = {name: VariantDiagnoses(name) for name in summaries}
            case DataProgressed():
                self.progress = event
            case DataLoaded():
                self.progress = None
            case SamplesChosen():
                self.samples = event

    def _add_of_variant(self, event: VariantEvent) -> None:
        variant = self.variants[event.variant]
        self.summary.add(event)
        variant.add(event)
        self.turns = self._diagnoses[event.variant].look(event, variant, self.summary)

    def as_results(self) -> dict[str, Any]:
        """The content of `results.json`, as plain data: the summary's, and the diagnoses."""
        results = self.summary.as_results()
        for name, variant in results["variants"].items():
            variant["diagnoses"] = [each.as_dict() for each in self.diagnoses_of(name)]
        return results
