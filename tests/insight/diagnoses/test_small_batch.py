import pytest

CODE = "small-batch"


def train(story, images, *, accuracy, precise, latest=None, steps=250, **values):
    """Judge with precise statistics half-way and, where these weights do better, at the end."""
    story.start("manual")
    story.look_inside("manual", 25, images=images, **values)
    go_on(story, 0, steps, accuracy=accuracy, precise=precise, latest=latest or precise)


def go_on(story, start, stop, *, accuracy, precise, latest):
    middle = (start + stop) // 2
    story.train("manual", *range(start, middle), accuracy=accuracy)
    story.compare("manual", middle - 1, 0.1, precise, precise)
    story.train("manual", *range(middle, stop), accuracy=accuracy)
    story.compare("manual", stop - 1, 0.1, latest, latest)


def test_what_weights_do_better_with_many_images_shows_it(story):
    train(story, 8, accuracy=0.65, precise=0.82, latest=0.9)
    found = story.found(CODE)
    assert found.evidence == pytest.approx(
        {
            "images": 8,
            "error_of_mean": 8**-0.5,
            "training_accuracy": 0.65,
            "batches": 50,
            "precise_accuracy": 0.82,
            "step": 124,
        }
    )
    assert found.sentence == (
        "manual takes its statistics of too few images: of 8 a batch, so that on maps of one pixel "
        "a mean is .35 standard deviations off; with them it reads .65 of what it trains on in 50 "
        "batches, and after batch 124 .82 of the validation images with statistics of many."
    )


@pytest.mark.parametrize("images", [1, 2, 4])
def test_very_few_show_it_only_where_they_cost_something(story, images):
    steps = 400 // images
    train(story, images, accuracy=0.16, precise=0.15, steps=steps)
    assert story.found(CODE) is None
    go_on(story, steps, 2 * steps, accuracy=0.16, precise=0.3, latest=0.3)
    assert story.found(CODE).evidence["images"] == images


@pytest.mark.parametrize(("images", "accuracy"), [(8, 0.75), (16, 0.5), (64, 0.1)])
def test_images_enough_for_what_they_do_are_no_fault(story, images, accuracy):
    train(story, images, accuracy=accuracy, precise=0.82)
    assert story.found(CODE) is None


def test_to_have_learned_meanwhile_is_no_fault(story):
    train(story, 8, accuracy=0.5, precise=0.55, latest=0.8)
    assert story.found(CODE) is None


def test_it_ends_where_they_cost_little(story):
    train(story, 8, accuracy=0.65, precise=0.82)
    go_on(story, 250, 350, accuracy=0.75, precise=0.86, latest=0.86)
    assert story.found(CODE).still
    go_on(story, 350, 450, accuracy=0.8, precise=0.84, latest=0.84)
    assert story.found(CODE).ended == 449


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
