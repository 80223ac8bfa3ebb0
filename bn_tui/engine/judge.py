"""What is said of a network in inference mode, while it trains and at the end."""

from dataclasses import dataclass

import numpy as np

from bn_tui.control import Reins
from bn_tui.datasets.dataset import SAMPLES, Split
from bn_tui.engine.batches import Indices
from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.event_maker import EventMaker
from bn_tui.events import BatchEvaluated, HundredScored, TestEvaluated, ValidationEvaluated


@dataclass(frozen=True, slots=True)
class Digits:
    """The images that a run trains on, validates with and is tested on at the end."""

    train: Split
    validation: Split
    test: Split


@dataclass(frozen=True, slots=True)
class Judge:
    """Scores one variant, with the weights that it has at the call.

    Whatever takes longer than a batch raises Stopped where the variant was asked to stop.
    """

    digits: Digits
    evaluator: Evaluator
    reins: Reins
    events: EventMaker
    #: Whether the variant's own inference takes precise statistics, which age with the weights.
    precise: bool = False

    def judge_batch(self, step: int, batch: Indices) -> BatchEvaluated:
        """Judge the training images that update `step` was made with."""
        train = self.digits.train
        labels = train.labels[batch]
        self._refresh()
        losses, predictions = self.evaluator.judge(train.images[batch], labels)
        loss = float(losses.mean(dtype=np.float64))
        accuracy = float((predictions == labels).mean())
        return self.events.make(BatchEvaluated, step=step, loss=loss, accuracy=accuracy)

    def validate(self, step: int, *, final: bool) -> ValidationEvaluated:
        """Judge all validation images after update `step`."""
        self._refresh()
        score = self.evaluator.score(self.digits.validation, self.reins)
        return self.events.make(
            ValidationEvaluated, step=step, loss=score.loss, accuracy=score.accuracy, final=final
        )

    def test(self) -> TestEvaluated:
        """Judge all test images."""
        self._refresh()
        score = self.evaluator.score(self.digits.test, self.reins)
        return self.events.make(TestEvaluated, loss=score.loss, accuracy=score.accuracy)

    def score_hundred(self) -> HundredScored:
        """Judge the first hundred test images, each in a batch of its own."""
        test = self.digits.test
        images = test.images[:SAMPLES]
        self._refresh()
        predictions = tuple(self.evaluator.predict_one_at_a_time(images, self.reins))
        correct = tuple(
            prediction == label
            for prediction, label in zip(predictions, test.labels[:SAMPLES].tolist(), strict=True)
        )
        return self.events.make(
            HundredScored,
            accuracy=sum(correct) / len(correct),
            predictions=predictions,
            correct=correct,
        )

    def _refresh(self) -> None:
        if self.precise:
            self.evaluator.recompute()
