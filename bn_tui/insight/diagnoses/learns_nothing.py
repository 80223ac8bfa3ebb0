"""Training that goes no further than how often each digit comes."""

import math

from bn_tui.events import ValidationEvaluated
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.numbers import share

BADGE = "guesses"
GRAVITY = Gravity.WORTHLESS
ABOUT = (
    "The very images that it is trained with are read no better than by guessing, so the fault is "
    "in training, and not in the averages or in how it is judged: what reaches the loss says "
    "nothing of the image, or no gradient reaches the kernels. A norm of batches, an "
    "initialisation that keeps the signal's size, or another learning rate may help."
)
LOOKS_AT = (ValidationEvaluated,)

#: How many of the latest steps are looked at: of two images each they tell .10 from .15.
LATEST = 200
#: The share of training images read, up to which it begins. Who guesses reads .10, or with MNIST's
#: most frequent digit .11; who learns, MNIST or drawn digits, has read six in ten by then, and
#: .17 where a batch is of four images.
BEGINS = 0.13
#: The share above which it ends, so that it does not come and go.
ENDS = 0.15
#: What a share of ten equally frequent digits, said of every image, costs in cross-entropy.
GUESSING_LOSS = -(0.1 * math.log(0.1) + 0.9 * math.log(0.9))
#: What share of that the loss is at least: of who knows nothing it stayed above .99, and below that
#: something of the image is known, though no digit.
LEAST_LOSS = 0.98


def find(look: Look) -> Sign | None:
    """Whether over the latest steps training images were hardly read better than by guessing."""
    curves = look.variant.training_accuracy, look.variant.training_loss
    accuracy, loss = (curve.latest_mean(LATEST) for curve in curves)
    if accuracy is None or loss is None:
        return None
    if not (accuracy <= (ENDS if look.held else BEGINS) and loss >= LEAST_LOSS * GUESSING_LOSS):
        return None
    return Sign(
        claim="learns nothing",
        grounds=(
            f"in its latest {LATEST} batches it read {share(accuracy)} of the images, at a loss of "
            f"{loss:.3g}; guessing has .1 and {GUESSING_LOSS:.3g}"
        ),
        evidence={
            "batches": LATEST,
            "training_accuracy": accuracy,
            "training_loss": loss,
            "guessing_loss": GUESSING_LOSS,
        },
    )
