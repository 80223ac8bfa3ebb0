import math

import pytest

from bn_tui.events import Status

CODE = "diverged"


def test_a_loss_that_is_no_number_ends_the_run(story):
    story.start("layers")
    story.train("layers", 0, 1, loss=0.7)
    story.train("layers", 2, loss=math.nan)
    story.end("layers", Status.DIVERGED, steps=3, reason="not finite at batch 2, loss nan.")
    found = story.found(CODE)
    assert found.first == 2
    assert math.isnan(found.evidence["loss"])
    assert found.evidence["steps"] == 3
    assert found.sentence == "layers diverged: not finite at batch 2, loss nan."


def test_a_validation_that_is_no_number_is_evidence(story):
    story.start("layers")
    story.train("layers", 0, loss=0.7)
    story.validate("layers", 0, 0.1, loss=math.inf)
    story.end("layers", Status.DIVERGED, steps=1, reason="validation loss inf after batch 0")
    found = story.found(CODE)
    assert found.evidence == {"loss": 0.7, "steps": 1, "validation_loss": math.inf}
    assert found.sentence.endswith("inf after batch 0; the loss of the last batch was 0.7.")


def test_a_reason_that_is_missing_is_not_made_up(story):
    story.start("layers")
    story.train("layers", 0)
    story.end("layers", Status.DIVERGED, steps=1)
    assert story.found(CODE).sentence.startswith("layers diverged: no reason was given")


def test_a_loss_that_has_grown_is_on_its_way_there(story):
    story.start("layers")
    story.train("layers", 0, loss=0.7)
    story.train("layers", *range(1, 101), loss=40.0)
    story.validate("layers", 100, 0.1)
    found = story.found(CODE)
    assert found.evidence == pytest.approx({"loss": 40.0, "first_loss": 0.7, "steps": 101})
    assert found.sentence == (
        "layers diverges: its training loss is 40 in the mean over 25 batches, and was 0.7 at the "
        "first."
    )
    story.train("layers", *range(101, 201), loss=0.4)
    story.validate("layers", 200, 0.1)
    assert story.found(CODE).ended == 200


def test_one_bad_batch_is_forgotten(story):
    story.start("layers")
    story.train("layers", *range(99), loss=0.7)
    story.train("layers", 99, loss=50.0)
    story.validate("layers", 99, 0.1)
    assert story.found(CODE) is None


@pytest.mark.parametrize("status", [Status.DONE, Status.STOPPED, Status.FAILED])
def test_to_end_otherwise_is_not_to_diverge(story, status):
    story.start("layers")
    story.train("layers", *range(30), loss=0.7)
    story.end("layers", status, steps=30)
    assert story.found(CODE) is None
