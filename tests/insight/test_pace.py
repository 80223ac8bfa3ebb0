import pytest

from bn_tui.events import Phase, Status
from bn_tui.insight.pace import remaining_seconds, seconds_per_step

BATCHES, EVERY = 800, 100


@pytest.fixture
def plain(story):
    """A variant that has validated the untrained network, which takes it three seconds."""
    story.start("plain")
    story.train("plain", 0, after=5.0)
    story.validate("plain", 0, 0.1, after=3.0)
    story.enter("plain", Phase.TRAINING)
    return story.history.variants["plain"]


def test_before_the_first_step_there_is_no_pace(story):
    story.start("plain")
    variant = story.history.variants["plain"]
    assert seconds_per_step(variant) is None
    assert remaining_seconds(variant, BATCHES, EVERY) is None


def test_the_steps_and_the_validations_left_are_counted_apart(story, plain):
    story.train("plain", *range(1, 51), after=0.25)
    # 749 steps; 7 validations on the way, and the final one.
    assert remaining_seconds(plain, BATCHES, EVERY) == pytest.approx(749 * 0.25 + 8 * 3.0)


def test_an_estimate_is_held_back_until_ten_steps(story, plain):
    story.train("plain", *range(1, 9), after=0.5)
    assert remaining_seconds(plain, BATCHES, EVERY) is None
    story.train("plain", 9, after=0.5)
    assert remaining_seconds(plain, BATCHES, EVERY) is not None


def test_an_estimate_is_held_back_until_two_seconds(story):
    story.start("plain")
    story.train("plain", 0, after=5.0)
    variant = story.history.variants["plain"]
    story.train("plain", *range(1, 8), after=0.25)
    story.enter("plain", Phase.PAUSED)
    story.enter("plain", Phase.TRAINING, after=60.0)  # what passes in a pause shows no pace
    story.train("plain", *range(8, 15), after=0.0)
    assert remaining_seconds(variant, BATCHES, EVERY) is None
    story.train("plain", 15, after=0.25)
    assert remaining_seconds(variant, BATCHES, EVERY) == pytest.approx(784 * 2 / 15)


def test_a_pause_has_no_estimate_and_leaves_no_trace_in_it(story, plain):
    story.train("plain", *range(1, 51), after=0.25)
    before = remaining_seconds(plain, BATCHES, EVERY)
    story.enter("plain", Phase.PAUSED)
    assert remaining_seconds(plain, BATCHES, EVERY) is None
    story.enter("plain", Phase.TRAINING, after=1000.0)
    assert remaining_seconds(plain, BATCHES, EVERY) == before
    story.train("plain", 51, after=0.25)
    assert remaining_seconds(plain, BATCHES, EVERY) == pytest.approx(before - 0.25)


def test_the_estimate_follows_when_a_processor_becomes_free(story, plain):
    story.train("plain", *range(1, 201), after=1.0)
    story.train("plain", *range(201, 301), after=0.5)
    assert remaining_seconds(plain, BATCHES, EVERY) == pytest.approx(499 * 0.5 + 8 * 3.0)


def test_what_is_done_takes_no_longer(story, plain):
    story.train("plain", *range(1, BATCHES), after=0.25)
    for step in range(8):
        story.validate("plain", 100 * step + 100, 0.5, after=3.0)
    assert remaining_seconds(plain, BATCHES, EVERY) == 0
    story.end("plain")
    assert remaining_seconds(plain, BATCHES, EVERY) is None


def test_a_stopped_variant_has_no_estimate(story, plain):
    story.train("plain", *range(1, 51), after=0.25)
    story.end("plain", Status.STOPPED, steps=51)
    assert remaining_seconds(plain, BATCHES, EVERY) is None


def test_the_pace_is_the_median_of_all_steps_as_in_the_results(story, plain):
    story.train("plain", *range(1, 60), step_seconds=9.0)
    story.train("plain", *range(60, 117), step_seconds=0.25)
    assert seconds_per_step(plain) == pytest.approx(9.0, rel=5e-4)
    story.train("plain", *range(117, 125), step_seconds=0.25)
    assert seconds_per_step(plain) == pytest.approx(0.25, rel=5e-4)


def test_at_the_end_the_pace_is_that_of_the_results(story, plain):
    story.train("plain", *range(1, 60), step_seconds=0.25)
    story.end("plain", seconds_per_step=0.5)
    assert seconds_per_step(plain) == 0.5
