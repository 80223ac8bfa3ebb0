"""The same weights judged with moving, batch and precise statistics."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from bn_tui.control import Reins
from bn_tui.datasets.dataset import Split
from bn_tui.engine.evaluation import Evaluator, Score
from bn_tui.engine.event_maker import EventMaker
from bn_tui.engine.network import Network
from bn_tui.events import StatisticsCompared
from bn_tui.variants import Statistics

#: Validation images that are judged between full validations, a batch of their own.
PROBE_IMAGES = 125


@dataclass(frozen=True, slots=True)
class Comparer:
    """Judges one network, whose norms keep statistics, three times at each call."""

    network: Network
    evaluator: Evaluator
    validation: Split
    reins: Reins
    events: EventMaker

    def compare(self, step: int) -> StatisticsCompared:
        """Compare on the first PROBE_IMAGES validation images, after update `step`.

        Raises:
            Stopped: the variant was asked to stop meanwhile.
        """
        images, labels = self.validation.images, self.validation.labels
        few = Split(images[:PROBE_IMAGES], labels[:PROBE_IMAGES])
        return self._compare(step, few, {}, final=False)

    def compare_finally(self, step: int, known: Score) -> StatisticsCompared:
        """Compare on all validation images; `known` is how the variant's own inference does.

        Raises:
            Stopped: the variant was asked to stop meanwhile.
        """
        scores = {self.network.wiring.inference: known}
        return self._compare(step, self.validation, scores, final=True)

    def _compare(
        self, step: int, split: Split, known: Mapping[Statistics, Score], *, final: bool
    ) -> StatisticsCompared:
        began = time.perf_counter()
        if Statistics.PRECISE not in known:
            self.evaluator.recompute()
        moving, batch, precise = (
            known.get(statistics) or self.evaluator.score(split, self.reins, statistics)
            for statistics in (Statistics.MOVING, Statistics.BATCH, Statistics.PRECISE)
        )
        return self.events.make(
            StatisticsCompared,
            step=step,
            images=len(split),
            moving_loss=moving.loss,
            moving_accuracy=moving.accuracy,
            batch_loss=batch.loss,
            batch_accuracy=batch.accuracy,
            precise_loss=precise.loss,
            precise_accuracy=precise.accuracy,
            starting_share=self._starting_share(updates=step + 1),
            final=final,
            probe_seconds=time.perf_counter() - began,
        )

    def _starting_share(self, updates: int) -> float:
        """How much of the moving averages is still what they started with."""
        momentum = self.network.norms["dense"].settings.momentum
        return float(momentum**updates) if self.network.wiring.updates else 1.0
