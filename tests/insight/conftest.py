from dataclasses import replace

import pytest
from probed_runs import compare, probe, probe_normalised

from bn_tui.events import (
    DataLoaded,
    HundredScored,
    Phase,
    PhaseEntered,
    Role,
    RunStarted,
    SamplesChosen,
    StatisticsCompared,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.insight.history import RunHistory

#: How often each digit is there among MNIST's 5,000 validation and its 10,000 test images.
VALIDATION_COUNTS = (479, 563, 488, 493, 535, 434, 501, 550, 462, 495)
TEST_COUNTS = (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009)


class Story:
    """A run told event by event; `history` is what it comes to, `seconds` what its clock shows."""

    def __init__(self):
        self.history = RunHistory()
        self.seconds = 0.0

    def tell(self, event, after=0.0, **facts):
        self.seconds += after
        self.history.add(event(seconds=self.seconds, **facts))

    def start(
        self,
        *variants,
        batches=800,
        batch_size=64,
        validate_every=100,
        name="mnist",
        **loaded,
    ):
        self.tell(
            RunStarted,
            schema=1,
            started_at="2024-01-01T00:00:00+00:00",
            config={
                "variants": list(variants),
                "batches": batches,
                "batch_size": batch_size,
                "validate_every": validate_every,
                "test_data": None,
            },
            environment={},
        )
        self.load(name=name, **loaded)

    def load(self, *, name, validation=VALIDATION_COUNTS, test=TEST_COUNTS):
        self.tell(
            DataLoaded,
            role=Role.TRAIN,
            name=name,
            source="a folder",
            sha256="ab",
            training_images=55_000,
            validation_images=sum(validation),
            test_images=sum(test),
            validation_class_counts=validation,
            test_class_counts=test,
        )

    def choose_samples(self, labels):
        self.tell(SamplesChosen, labels=tuple(labels), side=28, pixels="")

    def enter(self, variant, phase, after=0.0):
        self.tell(PhaseEntered, after, variant=variant, phase=phase)

    def train(self, variant, *steps, loss=0.6, accuracy=0.1, step_seconds=0.1, after=None):
        for step in steps:
            self.tell(
                StepTrained,
                step_seconds if after is None else after,
                variant=variant,
                step=step,
                loss=loss,
                accuracy=accuracy,
                step_seconds=step_seconds,
            )

    def validate(self, variant, step, accuracy, *, loss=0.5, final=False, after=0.0):
        self.enter(variant, Phase.VALIDATING)
        facts = {"step": step, "loss": loss, "accuracy": accuracy, "final": final}
        self.tell(ValidationEvaluated, after, variant=variant, **facts)

    def judge(self, variant, step, *, moving, batch, precise, final=False):
        """Judge the same weights with each kind of statistics."""
        said = replace(
            compare(variant, step, seconds=self.seconds, final=final),
            moving_accuracy=moving,
            batch_accuracy=batch,
            precise_accuracy=precise,
        )
        self.history.add(said)

    def compare(self, variant, step, moving, batch, precise, *, share=None, final=False):
        """Judge the same weights three times; each has an accuracy, or a loss and an accuracy."""
        judged = {}
        for name, score in (("moving", moving), ("batch", batch), ("precise", precise)):
            loss, accuracy = score if isinstance(score, tuple) else (1 - score, score)
            judged |= {f"{name}_loss": loss, f"{name}_accuracy": accuracy}
        self.tell(
            StatisticsCompared,
            variant=variant,
            step=step,
            images=5000 if final else 250,
            **judged,
            starting_share=0.99 ** (step + 1) if share is None else share,
            final=final,
            probe_seconds=0.1,
        )

    def look_inside(self, variant, step, *, images=64, **values):
        """Probe a network with batch norm in which all is well, but for these fields."""
        healthy = probe_normalised(variant, step, seconds=self.seconds)
        self.history.add(replace(healthy, images=images, **values))

    def look_inside_without_norm(self, variant, step, **values):
        """Probe a network without a norm, where only these fields have layers."""
        self.history.add(probe(variant, step, seconds=self.seconds, **values))

    def found(self, code):
        """The diagnosis with this code; there is one variant that can have it."""
        found = [each for each in self.history.diagnoses if each.code == code]
        assert len(found) <= 1
        assert all(each.sentence.isascii() for each in found)
        return found[0] if found else None

    def test(self, variant, accuracy):
        self.tell(TestEvaluated, variant=variant, loss=0.4, accuracy=accuracy)

    def score(self, variant, correct, *answers):
        """Score a hundred, `correct` of them right; the answers are repeated over the hundred."""
        self.tell(
            HundredScored,
            variant=variant,
            accuracy=correct / 100,
            predictions=tuple(answers[index % len(answers)] for index in range(100)),
            correct=tuple(index < correct for index in range(100)),
        )

    def end(self, variant, status=Status.DONE, *, steps=800, reason=None, **facts):
        facts |= {"status": status, "steps": steps, "reason": reason}
        self.tell(VariantEnded, variant=variant, **facts)


@pytest.fixture
def story():
    return Story()
