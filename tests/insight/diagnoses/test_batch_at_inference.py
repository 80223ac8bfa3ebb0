import pytest

CODE = "batch-at-inference"
MOVING, BATCH, PRECISE = (0.02746, 0.9624), (0.0202, 0.9676), (0.02046, 0.968)


def finish(story, loss, *, judged=(MOVING, BATCH, PRECISE), final=True):
    story.start("manual")
    story.train("manual", 799)
    story.validate("manual", 799, 0.96, loss=loss, final=True)
    story.compare("manual", 799, *judged, final=final)


def test_the_final_validation_gives_it_away(story):
    finish(story, BATCH[0])
    found = story.found(CODE)
    assert found.evidence == {
        "validation_loss": 0.0202,
        "batch_loss": 0.0202,
        "moving_loss": 0.02746,
        "precise_loss": 0.02046,
        "batch_accuracy": 0.9676,
    }
    assert found.sentence == (
        "manual is judged with the statistics of the judged batch: its final validation loss, "
        "0.02020, is what the batch's own statistics give, and neither the 0.02746 of moving "
        "averages nor the 0.02046 of precise ones."
    )


def test_single_images_bear_it_out(story):
    finish(story, BATCH[0])
    story.test("manual", 0.9688)
    story.score("manual", 8, 2)
    found = story.found(CODE)
    assert found.evidence["single_images_correct"] == 8
    assert found.sentence.endswith(
        "; it reads .9688 of the test images in batches and 8 of 100 alone."
    )
    assert story.found("single-images")


@pytest.mark.parametrize("loss", [MOVING[0], PRECISE[0], 0.0203])
def test_what_judges_with_other_statistics_has_other_losses(story, loss):
    finish(story, loss)
    assert story.found(CODE) is None


def test_losses_that_agree_tell_nothing(story):
    finish(story, BATCH[0], judged=(BATCH, BATCH, PRECISE))
    assert story.found(CODE) is None


def test_between_full_validations_other_images_are_judged(story):
    finish(story, BATCH[0], final=False)
    assert story.found(CODE) is None


def test_without_a_comparison_nothing_is_said(story):
    story.start("manual")
    story.test("manual", 0.9688)
    story.score("manual", 8, 2)
    assert story.found(CODE) is None
