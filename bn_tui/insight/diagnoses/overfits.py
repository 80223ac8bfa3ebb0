"""Training images learned by heart, at the expense of others."""

from bn_tui.events import ValidationEvaluated
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.numbers import share
from bn_tui.variants import find_variant

BADGE = "overfits"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "The training loss still falls and the validation loss rises: what is learned now holds for "
    "the training images alone. Stopping earlier, more images, or a smaller network help."
)
LOOKS_AT = (ValidationEvaluated,)

#: How often each training image has been seen, at least: nothing is learned by heart at once.
FEWEST_EPOCHS = 2.0
#: How far two validations in a row have to be above the least validation loss. One alone may be:
#: at a constant learning rate they go up and down.
RISE = 1.2
#: How many times the training loss the validation loss has to be, and how much the accuracy less.
#: After a healthy run at the defaults it is 0.9 to 1.2 times that, and the accuracy no less.
GAP, LOST_ACCURACY = 2.0, 0.02
#: How many of the latest steps training is averaged over.
LATEST = 25


def find(look: Look) -> Sign | None:
    """Whether validation has got worse, and is far worse than training on images seen before.

    Where moving averages are at fault, the same weights do well with precise statistics.
    """
    variant = look.variant
    epochs = _count_epochs(look)
    loss, accuracy = (
        curve.latest_mean(LATEST) for curve in (variant.training_loss, variant.training_accuracy)
    )
    least, validations = variant.validation_loss.minimum, variant.latest_validations
    if epochs < FEWEST_EPOCHS or loss is None or accuracy is None or least is None:
        return None
    now = validations[-1]
    if any(each.loss < RISE * least for each in validations):
        return None
    if now.loss < GAP * loss or accuracy - now.accuracy < LOST_ACCURACY:
        return None
    compared = variant.judgements.last
    if compared is not None and compared.precise_loss < GAP * loss:
        return None
    return Sign(
        claim="overfits",
        grounds=(
            f"after {epochs:.1f} epochs its validation loss is {now.loss:.3g}, and was "
            f"{least:.3g} at best, while the training loss is {loss:.3g}; it reads "
            f"{share(accuracy)} of the training images and {share(now.accuracy)} of the others"
        ),
        evidence={
            "epochs": epochs,
            "validation_loss": now.loss,
            "least_validation_loss": least,
            "training_loss": loss,
            "training_accuracy": accuracy,
            "validation_accuracy": now.accuracy,
        },
    )


def _count_epochs(look: Look) -> float:
    """How often every training image has been seen; 0 where that cannot be told."""
    probe, run = look.variant.layers.last, look.run
    if run.train_data is None or run.started is None:
        return 0.0
    if probe is not None:
        batch_size = probe.images
    else:
        own = find_variant(look.event.variant).batch_size
        batch_size = own or run.started.config.get("batch_size", 0)
    return float(look.variant.summary.steps * batch_size / run.train_data.training_images)
