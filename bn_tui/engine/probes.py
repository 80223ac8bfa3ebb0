"""When a network is looked into while it trains, and with what."""

from collections.abc import Iterator
from dataclasses import dataclass

import tensorflow as tf

from bn_tui.datasets.dataset import Images
from bn_tui.engine.comparer import Comparer
from bn_tui.engine.evaluation import Score
from bn_tui.engine.inspector import Inspector, Look
from bn_tui.events import Event, ValidationEvaluated

#: Training images that precise statistics are recomputed from; Wu and Johnson (2021, section 3.2)
#: find that a thousand are enough.
PRECISE_IMAGES = 1024


@dataclass(frozen=True, slots=True)
class Probes:
    """The looks into one network: every `every` updates, none where that is 0.

    `comparer` is None where its norms keep no statistics; both are None where `every` is 0.
    """

    every: int
    inspector: Inspector | None
    comparer: Comparer | None

    def look(self, step: int, images: Images) -> Look | None:
        """Look inside before update `step` with these images, where it is time to."""
        if self.inspector is None or step % self.every:
            return None
        return self.inspector.look(images)

    def state(self, step: int, look: Look | None, gradient: tf.Tensor) -> Iterator[Event]:
        """State what was seen before update `step`, which followed this gradient."""
        if self.inspector is not None and look is not None:
            yield self.inspector.state(step, look, gradient)

    def compare(self, step: int) -> Iterator[Event]:
        """State what each kind of statistics makes of the weights after update `step`.

        Raises:
            Stopped: the variant was asked to stop meanwhile.
        """
        if self.comparer is not None and step % self.every == 0:
            yield self.comparer.compare(step)

    def compare_finally(self, validated: ValidationEvaluated) -> Iterator[Event]:
        """State the same of the last weights, which have just been validated.

        Raises:
            Stopped: the variant was asked to stop meanwhile.
        """
        if self.comparer is not None:
            known = Score(validated.loss, validated.accuracy)
            yield self.comparer.compare_finally(validated.step, known)
