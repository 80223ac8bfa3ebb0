import pytest

from bn_tui.insight.diagnoses.learns_nothing import GUESSING_LOSS

CODE = "learns-nothing"


def train(story, *accuracies, loss=0.326):
    """Train a hundred steps with each accuracy, and validate after each hundred."""
    story.start("plain")
    for hundred, accuracy in enumerate(accuracies):
        steps = range(100 * hundred, 100 * hundred + 100)
        story.train("plain", *steps, loss=loss, accuracy=accuracy)
        story.validate("plain", steps[-1], 0.1)


def test_no_more_training_images_are_read_than_by_guessing(story):
    train(story, 0.11, 0.09)
    found = story.found(CODE)
    assert found.evidence == pytest.approx(
        {"batches": 200, "training_accuracy": 0.1, "training_loss": 0.326, "guessing_loss": 0.3251},
        abs=1e-4,
    )
    assert found.sentence == (
        "plain learns nothing: in its latest 200 batches it read .1000 of the images, at a loss of "
        "0.326; guessing has .1 and 0.325."
    )


def test_the_loss_of_guessing_is_that_of_a_share_of_ten_digits():
    # Ten questions, of which one has the answer yes: the mean of their cross-entropies at p = 1/10.
    assert pytest.approx(0.325083) == GUESSING_LOSS


@pytest.mark.parametrize(
    "accuracies",
    [
        (0.1,),  # every network begins so
        (0.1, 0.4),
        (0.15, 0.2),  # in batches of four images a network that learns is no faster
        (0.9, 0.9),  # it learned, whatever validation says
        (float("nan"), float("nan")),
    ],
)
def test_less_is_no_fault(story, accuracies):
    train(story, *accuracies)
    assert story.found(CODE) is None


def test_a_loss_below_that_of_guessing_is_something_learned(story):
    train(story, 0.1, 0.1, loss=0.316)
    assert story.found(CODE) is None


def test_it_ends_well_above_where_it_begins(story):
    train(story, 0.1, 0.1, 0.18, 0.13, 0.4)
    found = story.found(CODE)
    assert (found.first, found.last, found.ended) == (199, 299, 399)
