import pytest

from bn_tui.insight.scores import compare_test_scores, find_samples_like_test


def finish(story, name, test, correct, *answers):
    story.test(name, test)
    story.score(name, correct, *(answers or range(10)))


def test_what_was_not_tested_is_not_compared(story):
    assert compare_test_scores(story.history) is None
    story.start("plain", "layers")
    assert compare_test_scores(story.history) is None
    story.test("layers", 0.9625)
    assert compare_test_scores(story.history) == "layers reads .9625 of the test images."


def test_those_that_read_stand_before_those_that_guess(story):
    story.start("plain", "layers", "manual", "nn")
    for name, accuracy in (("plain", 0.0974), ("layers", 0.9625), ("manual", 0.9634)):
        story.test(name, accuracy)
    assert compare_test_scores(story.history) == (
        "layers and manual read .9625 and .9634 of the test images; "
        "plain .0974, no better than guessing."
    )
    story.test("nn", 0.101)
    assert compare_test_scores(story.history).endswith(
        "; plain and nn .0974 and .1010, no better than guessing."
    )


@pytest.mark.parametrize(
    ("accuracy", "remark"),
    [
        (0.0891, ""),  # the rarest digit has a share of .0892
        (0.0892, ", no better than guessing"),
        (0.1135, ", no better than guessing"),
        (0.1136, ""),  # the most frequent has .1135
    ],
)
def test_to_guess_is_to_score_within_the_shares_of_the_classes(story, accuracy, remark):
    story.start("plain")
    story.test("plain", accuracy)
    text = f"plain reads {accuracy:.4f} of the test images{remark}.".replace(" 0.", " .")
    assert compare_test_scores(story.history) == text


def test_clothes_are_recognised(story):
    story.start("plain", "layers", name="fashion-mnist")
    story.test("layers", 0.85)
    assert compare_test_scores(story.history) == "layers recognises .8500 of the test images."
    story.test("plain", 0.86)
    assert compare_test_scores(story.history) == (
        "plain and layers recognise .8600 and .8500 of the test images."
    )


def test_samples_that_fit_the_test_say_so(story):
    story.start("layers")
    finish(story, "layers", 0.9625, 99)
    assert find_samples_like_test(story.history) == (
        "Scored one at a time, layers gets 99/100 (.95–1.00), "
        "which fits its .9625 on all test images."
    )


def test_samples_that_fail_have_a_diagnosis_that_says_so(story):
    story.start("layers", "manual")
    finish(story, "layers", 0.9625, 40)
    finish(story, "manual", 0.9634, 98)
    assert find_samples_like_test(story.history).startswith("Scored one at a time, manual gets 98")


def test_samples_below_the_test_by_chance_are_less(story):
    story.start("layers")
    finish(story, "layers", 0.9625, 90)
    assert find_samples_like_test(story.history) == (
        "Scored one at a time, layers gets 90/100 (.83–.94), less than its .9625 on all test "
        "images."
    )


def test_samples_above_the_test_show_nothing_wrong(story):
    story.start("layers", "manual")
    finish(story, "layers", 0.9569, 100)
    finish(story, "manual", 0.9634, 98)
    assert find_samples_like_test(story.history) == (
        "Scored one at a time, manual gets 98/100 (.93–.99), which fits its .9634 on all test "
        "images; layers gets 100/100 (.96–1.00), more than its .9569 on all test images."
    )


def test_one_answer_for_everything_is_no_matter_of_wiring(story):
    story.start("plain")
    finish(story, "plain", 0.0974, 2, 8)  # of MNIST's first hundred only two are an 8
    assert find_samples_like_test(story.history) is None


def test_samples_without_a_test_fit_nothing(story):
    story.start("layers")
    story.score("layers", 99, *range(10))
    assert find_samples_like_test(story.history) is None
