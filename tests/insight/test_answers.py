import pytest

from bn_tui.insight.answers import find_single_answers, suspect_single_answers

BALANCED = (1000,) * 10


def test_one_answer_to_all_samples_and_its_share_of_the_test_are_one_answer_for_everything(story):
    story.start("plain", "layers")
    story.test("plain", 0.098)
    story.score("plain", 8, 0)
    story.test("layers", 0.96)
    story.score("layers", 97, *range(10))
    assert find_single_answers(story.history) == (
        "plain answers 0 for everything: .0980 is the share of digit 0."
    )


def test_several_variants_share_the_sentence(story):
    story.start("plain", "nn")
    for name, accuracy, answer in (("plain", 0.098, 0), ("nn", 0.1135, 1)):
        story.test(name, accuracy)
        story.score(name, 8, answer)
    assert find_single_answers(story.history) == (
        "plain answers 0 for everything: .0980 is the share of digit 0; "
        "nn answers 1 for everything: .1135 is the share of digit 1."
    )


@pytest.mark.parametrize("accuracy", [0.0981, 0.1135, 0.97])
def test_where_the_test_says_otherwise_only_the_samples_are_spoken_of(story, accuracy):
    story.start("layers")
    story.test("layers", accuracy)
    story.score("layers", 8, 0)
    assert find_single_answers(story.history) == "layers answers 0 to each of the 100 samples."


def test_samples_that_all_are_of_one_class_may_be_answered_so(story):
    story.start("layers")
    story.test("layers", 0.97)
    story.score("layers", 100, 0)
    assert find_single_answers(story.history) is None


def test_different_answers_are_nothing_to_speak_of(story):
    story.start("plain")
    story.test("plain", 0.098)
    assert find_single_answers(story.history) is None
    story.score("plain", 8, *[0] * 99, 1)
    assert find_single_answers(story.history) is None


def test_an_answer_that_the_test_set_does_not_count_is_no_share(story):
    story.start("plain", test=(10, 0))
    story.test("plain", 0.0)
    story.score("plain", 0, 7)
    assert find_single_answers(story.history) == "plain answers 7 to each of the 100 samples."


def test_clothes_are_classes(story):
    story.start("plain", name="fashion-mnist", test=BALANCED)
    story.test("plain", 0.1)
    story.score("plain", 8, 3)
    assert find_single_answers(story.history) == (
        "plain answers class 3 for everything: .1000 is the share of class 3."
    )


def test_a_validation_that_scores_a_classs_share_is_suspicious(story):
    story.start("plain", "layers", "manual")
    story.validate("plain", 100, 0.1126)
    assert suspect_single_answers(story.history) == (
        "plain may answer one digit for everything: "
        "its .1126 is the share of digit 1 among the validation images."
    )
    story.validate("layers", 100, 0.0924)
    story.validate("manual", 100, 0.5)
    assert suspect_single_answers(story.history) == (
        "plain and layers may answer one digit for everything: "
        "their .1126 and .0924 are the shares of digits 1 and 8 among the validation images."
    )


def test_a_suspicion_ends_with_a_better_validation_or_with_the_samples(story):
    story.start("plain", "layers")
    story.validate("plain", 100, 0.1126)
    story.validate("layers", 100, 0.1126)
    story.validate("layers", 200, 0.1128)
    story.score("plain", 8, 1)
    assert suspect_single_answers(story.history) is None


def test_a_share_of_several_classes_points_at_none(story):
    story.start("plain", name="fashion-mnist", validation=BALANCED)
    story.validate("plain", 100, 0.1)
    assert suspect_single_answers(story.history) is None


def test_the_suspected_of_clothes_are_classes(story):
    story.start("plain", "nn", name="fashion-mnist")
    story.validate("plain", 100, 0.1126)
    story.validate("nn", 100, 0.0924)
    assert suspect_single_answers(story.history) == (
        "plain and nn may answer one class for everything: "
        "their .1126 and .0924 are the shares of classes 1 and 8 among the validation images."
    )


def test_without_data_nothing_is_suspected(story):
    assert suspect_single_answers(story.history) is None
    story.start("plain", validation=(0,) * 10)
    story.validate("plain", 100, 0.0)
    assert suspect_single_answers(story.history) is None
