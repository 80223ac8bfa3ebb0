import json

import pytest

CODE = "one-digit"
BALANCED = (500,) * 10


def validate_all(story, *accuracies, variant="manual", every=100):
    for place, accuracy in enumerate(accuracies):
        story.validate(variant, every * place, accuracy)


@pytest.fixture
def published(data_folder):
    """The original's runs and those that others have published: batch and validation accuracy."""
    return json.loads((data_folder / "published_validations.json").read_text())


def test_the_original_s_run_answered_one_digit_at_batches_100_and_200(story, published):
    story.start("manual")
    for step, accuracy in published["manual"]:
        story.validate("manual", step, accuracy)
    found = story.found(CODE)
    assert (found.first, found.last, found.ended) == (100, 200, 300)
    assert found.evidence == {"step": 200, "validation_accuracy": 0.099, "digit": 9}
    assert found.sentence == (
        "manual answers one digit for everything from batch 100 to batch 200: of the validation "
        "images .0990, its accuracy after batch 200, is the share of digit 9, and .0868, that "
        "after batch 100, the share of digit 5."
    )


def test_of_what_others_have_published_it_is_said_as_long_as_it_is_so(story, published):
    story.start(*published)
    for variant, validations in published.items():
        for step, accuracy in validations:
            story.validate(variant, step, accuracy)
    spans = {
        each.variant: (each.first, each.last, each.ended)
        for each in story.history.diagnoses
        if each.code == CODE
    }
    assert spans == {"plain": (100, 700, None), "manual": (100, 200, 300), "nn": (100, 200, 300)}


def test_one_validation_may_meet_a_share_by_chance(story):
    story.start("manual")
    validate_all(story, 0.0986, 0.1126, 0.2)
    assert story.found(CODE) is None


def test_a_network_that_has_just_begun_is_given_time(story):
    story.start("manual")
    validate_all(story, 0.0986, 0.1126, 0.0986, every=24)
    assert story.found(CODE) is None


def test_the_final_validation_of_the_same_weights_is_no_second_one(story):
    story.start("manual")
    story.validate("manual", 100, 0.1126)
    story.validate("manual", 100, 0.1126, final=True)
    assert story.found(CODE) is None


def test_a_share_of_several_classes_points_at_none_of_them(story):
    story.start("manual", validation=BALANCED)
    validate_all(story, 0.3, 0.1, 0.1)
    found = story.found(CODE)
    assert "digit" not in found.evidence
    assert "is the share of one digit" in found.sentence


@pytest.mark.parametrize("counts", [(100,) * 9, (5000, *[0] * 9)])
def test_few_images_and_images_of_one_class_say_nothing(story, counts):
    story.start("manual", validation=counts)
    validate_all(story, 0.3, *[counts[0] / sum(counts)] * 2)
    assert story.found(CODE) is None


def test_clothes_are_classes(story):
    story.start("manual", name="fashion-mnist")
    validate_all(story, 0.3, 0.1126, 0.1126)
    assert "answers one class for everything" in story.found(CODE).sentence


def test_moving_averages_that_lag_explain_it(story):
    story.start("manual")
    story.validate("manual", 100, 0.1126)
    story.compare("manual", 100, 0.11, 0.8, 0.8)
    story.validate("manual", 200, 0.1126)
    story.test("manual", 0.098)
    story.score("manual", 8, 0)
    assert story.found(CODE) is None


def test_averages_that_nobody_updates_do_not_lag(story):
    story.start("manual")
    story.validate("manual", 100, 0.1126)
    story.compare("manual", 100, 0.11, 0.8, 0.8, share=1.0)
    story.validate("manual", 200, 0.1126)
    assert story.found(CODE).still


def test_one_answer_to_all_samples_and_its_share_of_the_test_prove_it(story):
    story.start("plain")
    story.train("plain", 799)
    story.test("plain", 0.098)
    story.score("plain", 8, 0)
    found = story.found(CODE)
    assert (found.first, found.evidence) == (799, {"digit": 0, "test_accuracy": 0.098})
    assert found.sentence == (
        "plain answers one digit for everything: in the end digit 0, whose share of the test "
        "images, .0980, is its test accuracy."
    )


def test_what_the_samples_prove_weighs_more_than_validations(story):
    story.start("plain", name="fashion-mnist")
    validate_all(story, 0.3, 0.1126, 0.1126, variant="plain")
    story.train("plain", 201)
    story.test("plain", 0.1135)
    story.score("plain", 14, 1)
    found = story.found(CODE)
    assert (found.first, found.last) == (100, 201)
    assert found.sentence.startswith(
        "plain answers one class for everything since batch 100: in the end class 1, whose share"
    )


def test_no_digit_is_said_to_have_been_the_one_all_along(story):
    story.start("plain")
    validate_all(story, 0.3, 0.1126, 0.107, variant="plain")  # the shares of digits 1 and 4
    story.train("plain", 299)
    story.test("plain", 0.098)
    story.score("plain", 8, 0)
    assert "one digit for everything since batch 100: in the end digit 0" in (
        story.found(CODE).sentence
    )


@pytest.mark.parametrize(("accuracy", "answers"), [(0.0981, (0,)), (0.96, (0,)), (0.098, (0, 1))])
def test_where_the_test_or_the_samples_say_otherwise_it_is_over(story, accuracy, answers):
    story.start("plain")
    validate_all(story, 0.3, 0.1126, 0.1126, variant="plain")
    story.train("plain", 299)
    story.test("plain", accuracy)
    story.score("plain", 8, *answers)
    assert story.found(CODE).ended == 299
