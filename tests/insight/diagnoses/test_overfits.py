import pytest

CODE = "overfits"


def train(story, *validations, batch_size=64, epochs=3.0, accuracy=0.999, loss=0.004):
    """Train for so many epochs of 55,000 images, and validate with these losses all along."""
    story.start("layers", batch_size=batch_size)
    last = int(epochs * 55_000 / batch_size)
    steps = [last * place // len(validations) for place in range(1, len(validations) + 1)]
    for step, validation in zip(steps, validations, strict=True):
        story.train("layers", *range(step - 30, step), loss=loss, accuracy=accuracy)
        story.train("layers", step, loss=loss, accuracy=accuracy)
        story.validate("layers", step, 0.96, loss=validation)


def test_validation_gets_worse_while_training_goes_on_well(story):
    train(story, 0.02, 0.03, 0.04)
    found = story.found(CODE)
    assert found.evidence == pytest.approx(
        {
            "epochs": 3.0,
            "validation_loss": 0.04,
            "least_validation_loss": 0.02,
            "training_loss": 0.004,
            "training_accuracy": 0.999,
            "validation_accuracy": 0.96,
        },
        rel=1e-3,
    )
    assert found.sentence == (
        "layers overfits: after 3.0 epochs its validation loss is 0.04, and was 0.02 at best, "
        "while the training loss is 0.004; it reads .9990 of the training images and .9600 of the "
        "others."
    )


@pytest.mark.parametrize(
    ("validations", "facts"),
    [
        ((0.02, 0.03, 0.04), {"epochs": 1.9}),  # nothing is learned by heart at once
        ((0.02, 0.021, 0.04), {}),  # one validation alone goes up and down
        ((0.02, 0.03, 0.04), {"loss": 0.03}),  # training does no better
        ((0.02, 0.03, 0.04), {"accuracy": 0.97}),
    ],
)
def test_each_of_its_signs_is_needed(story, validations, facts):
    train(story, *validations, **facts)
    assert story.found(CODE) is None


def test_moving_averages_at_fault_are_another_matter(story):
    train(story, 0.02, 0.03)
    story.compare("layers", 2577, (0.04, 0.96), (0.005, 0.99), (0.005, 0.99))
    story.train("layers", *range(2578, 2700), loss=0.004, accuracy=0.999)
    story.validate("layers", 2700, 0.96, loss=0.04)
    assert story.found(CODE) is None


@pytest.mark.parametrize("looks", [True, False])
def test_a_variant_with_batches_of_its_own_has_epochs_of_its_own(story, looks):
    story.start("group:2")
    if looks:
        story.look_inside("group:2", 0, images=2)
    for step in (2000, 2400, 2800):
        story.train("group:2", *range(step - 30, step), loss=0.004, accuracy=0.999)
        story.validate("group:2", step, 0.9, loss=step / 1000)
    assert story.found(CODE) is None
