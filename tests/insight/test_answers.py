import pytest

from bn_tui.events import DataLoaded, Role
from bn_tui.insight.answers import (
    answers_one_class,
    classes_with_share,
    shows_digits,
    single_answer,
)


def test_one_answer_to_all_samples_is_the_single_one(story):
    story.start("plain")
    plain = story.history.variants["plain"]
    assert single_answer(plain) is None
    story.score("plain", 8, 0)
    assert single_answer(plain) == 0
    story.score("plain", 8, *[0] * 99, 1)
    assert single_answer(plain) is None


@pytest.mark.parametrize(("accuracy", "answers"), [(0.098, True), (0.0981, False), (0.1135, False)])
def test_the_test_has_to_agree_with_the_samples(story, accuracy, answers):
    story.start("plain")
    plain, test = story.history.variants["plain"], story.history.summary.test_data
    story.score("plain", 8, 0)
    assert not answers_one_class(plain, test)
    story.test("plain", accuracy)
    assert answers_one_class(plain, test) is answers


def test_a_share_belongs_to_the_classes_that_have_it():
    counts = (479, 563, 488, 493, 535, 434, 501, 550, 462, 495)
    assert classes_with_share(0.1126, counts) == [1]
    assert classes_with_share(0.1127, counts) == []
    assert classes_with_share(0.1, (500,) * 10) == list(range(10))


def test_none_and_all_are_no_share():
    assert classes_with_share(0.0, (10, 0)) == classes_with_share(1.0, (10, 0)) == []
    assert classes_with_share(0.0, (0,) * 10) == []


@pytest.mark.parametrize(("name", "digits"), [("mnist", True), ("fashion-mnist", False)])
def test_clothes_are_numbered_too(name, digits):
    facts = {"source": "", "sha256": "", "validation_class_counts": (), "test_class_counts": ()}
    counts = dict.fromkeys(("training_images", "validation_images", "test_images"), 0)
    data = DataLoaded(seconds=0.0, role=Role.TRAIN, name=name, **facts, **counts)
    assert shows_digits(data) is digits
