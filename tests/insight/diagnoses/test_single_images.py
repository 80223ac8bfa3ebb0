import pytest

CODE = "single-images"


def finish(story, test, correct, *answers, variant="manual"):
    story.start(variant)
    story.train(variant, 799)
    story.test(variant, test)
    story.score(variant, correct, *(answers or range(10)))


def test_samples_far_below_the_test_are_a_failure(story):
    finish(story, 0.9688, 40)
    found = story.found(CODE)
    assert found.first == 799
    assert found.evidence == {
        "correct": 40,
        "samples": 100,
        "interval_low": pytest.approx(0.231, abs=0.003),
        "interval_high": pytest.approx(0.596, abs=0.003),
        "test_accuracy": 0.9688,
    }
    assert found.sentence == (
        "manual fails on single images: asked one at a time it gets 40 of 100 right, which at "
        "4 standard deviations puts its accuracy between .23 and .60, and in batches .9688 of the "
        "test images."
    )


def test_one_answer_to_all_samples_under_a_good_test_is_named(story):
    finish(story, 0.9688, 8, 2)
    assert "gets 8 of 100 right, answering 2 to each" in story.found(CODE).sentence


@pytest.mark.parametrize("correct", [88, 96, 100])
def test_a_few_more_wrong_ones_are_chance(story, correct):
    finish(story, 0.9569, correct)
    assert story.found(CODE) is None


def test_one_answer_for_everything_is_another_matter(story):
    finish(story, 0.1135, 0, 1, variant="plain")
    assert story.found(CODE) is None


def test_samples_without_a_test_fail_at_nothing(story):
    story.start("manual")
    story.score("manual", 0, 8)
    assert story.found(CODE) is None
