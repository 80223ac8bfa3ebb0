"""Inference with the statistics of the very batch that is judged."""

from math import isclose

from bn_tui.events import HundredScored, StatisticsCompared
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.numbers import share

BADGE = "batch stats"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "With training=True at inference, a norm takes the statistics of the images that happen to be "
    "judged together. Validation in large batches then looks fine, and better than with moving "
    "averages that lag; a single image, which is its own mean, comes out of the norm as β."
)
LOOKS_AT = (StatisticsCompared, HundredScored)


def find(look: Look) -> Sign | None:
    """Whether the final validation is the one with the batch's statistics, and no other's.

    The last comparison is on the images of the final validation and with the same weights, so
    that whatever inference takes has the very same loss there. The others come near to it, once
    nothing lags any more, but not to the last digit.
    """
    compared, loss = look.variant.judgements.last, look.variant.summary.validation_loss
    if compared is None or loss is None or not compared.final:
        return None
    others = compared.moving_loss, compared.precise_loss
    if not isclose(loss, compared.batch_loss) or any(isclose(loss, other) for other in others):
        return None
    evidence = {
        "validation_loss": loss,
        "batch_loss": compared.batch_loss,
        "moving_loss": compared.moving_loss,
        "precise_loss": compared.precise_loss,
        "batch_accuracy": compared.batch_accuracy,
    }
    grounds = (
        f"its final validation loss, {loss:.5f}, is what the batch's own statistics give, and "
        f"neither the {others[0]:.5f} of moving averages nor the {others[1]:.5f} of precise ones"
    )
    correct, accuracy = look.variant.summary.hundred_correct, look.variant.summary.test_accuracy
    if correct and accuracy is not None:
        evidence |= {
            "test_accuracy": accuracy,
            "single_images_correct": sum(correct),
            "single_images": len(correct),
        }
        grounds += (
            f"; it reads {share(accuracy)} of the test images in batches and {sum(correct)} of "
            f"{len(correct)} alone"
        )
    return Sign(
        claim="is judged with the statistics of the judged batch",
        grounds=grounds,
        evidence=evidence,
    )
