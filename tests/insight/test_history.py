import math

import pytest
from probed_runs import probe_plain

from bn_tui.events import DataProgressed, Phase, RunEnded, Status, StepTrained, Unit
from bn_tui.insight.history import RunHistory
from bn_tui.insight.summary import RunSummary, VariantSummary
from bn_tui.insight.variant_history import VariantHistory


def points(curve):
    return [(bucket.last_step, bucket.last, bucket.seconds) for bucket in curve.buckets]


def test_before_anything_there_is_nothing():
    history = RunHistory()
    assert history.variants == {}
    assert (history.samples, history.progress, history.version) == (None, None, 0)


def test_variants_stand_in_the_order_asked_for_with_the_runs_own_summaries(story):
    story.start("manual", "plain")
    history = story.history
    assert list(history.variants) == ["manual", "plain"]
    for name, variant in history.variants.items():
        assert variant.summary is history.summary.variants[name]


def test_every_step_is_in_the_curves_at_the_seconds_trained_by_then(story):
    story.start("plain", "manual")
    story.train("plain", 0, loss=0.7, accuracy=0.125, step_seconds=0.5)
    story.train("manual", 0, loss=0.9, step_seconds=4.0)
    story.train("plain", 1, loss=0.6, accuracy=0.25, step_seconds=0.25, after=9.0)
    variant = story.history.variants["plain"]
    assert points(variant.training_loss) == [(0, 0.7, 0.5), (1, 0.6, 0.75)]
    assert points(variant.training_accuracy) == [(0, 0.125, 0.5), (1, 0.25, 0.75)]
    assert variant.step_times.total == 0.75
    assert points(story.history.variants["manual"].training_loss) == [(0, 0.9, 4.0)]


def test_validations_stand_where_they_were_made(story):
    story.start("plain")
    story.train("plain", 0, 1)
    story.validate("plain", 1, 0.25)
    story.train("plain", 2)
    story.validate("plain", 2, 0.5, final=True)
    variant = story.history.variants["plain"]
    assert points(variant.validation_accuracy) == [(1, 0.25, 0.2), (2, 0.5, pytest.approx(0.3))]
    assert [step for step, *_ in points(variant.validation_loss)] == [1, 2]


def test_what_is_probed_is_kept_of_each_variant(story):
    story.start("plain", "manual")
    for step in (0, 25):
        story.history.add(probe_plain(step))
    plain, manual = story.history.variants.values()
    assert [each.last_step for each in plain.layers.probes] == [0, 25]
    assert plain.probe_seconds == pytest.approx(0.2)
    assert not manual.layers.probes


def test_a_final_validation_of_the_same_step_is_not_drawn_twice(story):
    story.start("plain", batches=1)
    story.train("plain", 0)
    story.validate("plain", 0, 0.5, after=1.0)
    story.validate("plain", 0, 0.5, final=True, after=3.0)
    variant = story.history.variants["plain"]
    assert points(variant.validation_accuracy) == [(0, 0.5, 0.1)]
    assert (variant.validations, variant.validating_seconds) == (2, pytest.approx(4.0))


def test_a_loss_that_is_not_finite_is_seen(story):
    story.start("plain")
    story.train("plain", 0, loss=math.nan)
    story.end("plain", Status.DIVERGED, steps=1, reason="loss is nan")
    (bucket,) = story.history.variants["plain"].training_loss.buckets
    assert (bucket.count, bucket.finite) == (1, 0)


def test_pauses_and_validations_are_not_counted_as_stepping(story):
    story.start("plain")
    story.enter("plain", Phase.TRAINING, after=20.0)
    story.train("plain", 0, after=5.0)
    story.validate("plain", 0, 0.1, after=3.0)
    story.enter("plain", Phase.TRAINING)
    story.train("plain", 1, after=2.0)
    story.enter("plain", Phase.PAUSED)
    story.enter("plain", Phase.TRAINING, after=100.0)
    story.train("plain", 2, after=1.0)
    variant = story.history.variants["plain"]
    assert list(variant.recent_stepping_seconds) == [2.0, 1.0]
    assert variant.stepping_seconds == 3.0
    assert variant.validating_seconds == 3.0


def test_the_predictions_are_kept(story):
    story.start("plain")
    assert story.history.variants["plain"].predictions is None
    story.score("plain", 10, 7, 2)
    assert story.history.variants["plain"].predictions == (7, 2) * 50


def test_progress_is_there_until_the_data_are_loaded(story):
    facts = {"task": "drawing digits", "done": 5, "total": 10, "unit": Unit.IMAGES}
    story.tell(DataProgressed, **facts)
    assert story.history.progress.done == 5
    story.tell(DataProgressed, **(facts | {"done": 7}))
    assert story.history.progress.done == 7
    story.load(name="drawn")
    assert story.history.progress is None


def test_samples_are_kept(story):
    story.start("plain")
    assert story.history.samples is None
    story.choose_samples([7, 2])
    assert story.history.samples.labels == (7, 2)


def test_the_version_grows_with_each_event(story):
    story.start("plain", "manual")
    before = story.history.version
    story.train("plain", 0)
    story.enter("plain", Phase.VALIDATING)
    story.tell(RunEnded, peak_memory_bytes=1)
    assert story.history.version == before + 3


def test_what_belongs_to_no_variant_of_the_run_is_left_out(story):
    story.train("plain", 0)
    story.end("plain")
    assert story.history.version == 2
    assert story.history.summary == RunSummary()
    story.start("manual")
    story.train("plain", 0)
    assert list(story.history.variants) == ["manual"]
    assert story.history.variants["manual"].training_loss.count == 0


def test_memory_is_bounded_over_many_steps():
    variant = VariantHistory(VariantSummary())
    facts = {"variant": "plain", "loss": 0.5, "accuracy": 0.5, "step_seconds": 0.1}
    for step in range(10_000):
        variant.add(StepTrained(seconds=0.1 * step, step=step, **facts))
    assert len(variant.training_loss.buckets) <= 2048
    assert len(variant.recent_stepping_seconds) == 100
    assert variant.training_loss.count == 10_000
