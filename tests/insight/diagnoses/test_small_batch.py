import pytest

CODE = "small-batch"


def train(story, images, *, accuracy, precise, steps=250, **values):
    story.start("manual")
    story.look_inside("manual", 25, images=images, **values)
    story.train("manual", *range(steps), accuracy=accuracy)
    story.compare("manual", steps - 1, 0.1, precise, precise)


def test_what_the_same_weights_do_better_with_many_images_shows_it(story):
    train(story, 8, accuracy=0.65, precise=0.82)
    found = story.found(CODE)
    assert found.evidence == pytest.approx(
        {
            "images": 8,
            "error_of_mean": 8**-0.5,
            "training_accuracy": 0.65,
            "precise_accuracy": 0.82,
            "step": 249,
        }
    )
    assert found.sentence == (
        "manual takes its statistics of too few images: of 8 a batch, so that on maps of one pixel "
        "a mean is .35 standard deviations off; with them it reads .65 of what it trains on, and "
        "after batch 249 the same weights read .82 of the validation images with statistics of "
        "many."
    )


@pytest.mark.parametrize("images", [1, 2, 4])
def test_very_few_are_too_few_whatever_comes_of_them(story, images):
    steps = 400 // images
    train(story, images, accuracy=0.9, precise=0.9, steps=steps)
    assert story.found(CODE).evidence["images"] == images


@pytest.mark.parametrize(("images", "accuracy"), [(8, 0.75), (16, 0.5), (64, 0.1)])
def test_images_enough_for_what_they_do_are_no_fault(story, images, accuracy):
    train(story, images, accuracy=accuracy, precise=0.82)
    assert story.found(CODE) is None


def test_an_accuracy_over_few_images_is_waited_for(story):
    train(story, 2, accuracy=0.5, precise=0.9, steps=199)
    assert story.found(CODE) is None


def test_where_the_batch_is_not_what_it_normalises_with_it_may_be_small(story):
    frozen = {
        "moving_mean": (0.0,) * 20,
        "moving_variance": (1.0,) * 20,
        "input_deviation": (0.01,) * 20,
        "output_deviation": (0.01,) * 20,
    }
    train(story, 2, accuracy=0.1, precise=0.1, **frozen)
    assert story.found(CODE) is None
    assert story.found("frozen")
