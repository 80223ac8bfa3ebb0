"""The same weights, judged with each kind of statistics."""

import pytest

from bn_tui.variants import Statistics


def test_a_variant_without_comparison_is_not_judged(story):
    story.start("plain", "manual")
    story.train("plain", 0)
    assert not story.history.judged
    assert story.history.variants["plain"].judgements.gap is None


def test_each_judgement_has_curves_of_its_own(story):
    story.start("manual")
    for step, moving in ((0, 0.1), (25, 0.2)):
        story.train("manual", step)
        story.judge("manual", step, moving=moving, batch=0.8, precise=0.9)
    manual = story.history.variants["manual"]
    assert story.history.judged
    assert manual.judged
    accuracies = {
        statistics: [bucket.last for bucket in curves.accuracy.buckets]
        for statistics, curves in manual.judgements.curves.items()
    }
    assert accuracies == {
        Statistics.MOVING: [0.1, 0.2],
        Statistics.BATCH: [0.8, 0.8],
        Statistics.PRECISE: [0.9, 0.9],
    }
    losses = [curves.loss.last for curves in manual.judgements.curves.values()]
    assert losses == [0.375, 0.25, 0.125]
    assert manual.judgements.starting_share.last == 0.99**26
    assert manual.judgements.starting_share.buckets[1].seconds == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("moving", "batch", "precise", "gap"),
    [(0.1, 0.8, 0.9, 0.8), (0.1, 0.9, 0.8, 0.8), (0.9, 0.8, 0.85, 0.0)],
)
def test_the_gap_is_to_the_better_of_the_others(story, moving, batch, precise, gap):
    story.start("manual")
    story.judge("manual", 0, moving=moving, batch=batch, precise=precise)
    assert story.history.variants["manual"].judgements.gap == pytest.approx(gap)


def test_the_final_comparison_is_the_last_word_and_no_second_point(story):
    story.start("manual")
    story.judge("manual", 0, moving=0.1, batch=0.8, precise=0.9)
    story.judge("manual", 0, moving=0.3, batch=0.8, precise=0.9, final=True)
    judgements = story.history.variants["manual"].judgements
    assert judgements.last.final
    assert judgements.gap == pytest.approx(0.6)
    assert judgements.starting_share.count == 1
