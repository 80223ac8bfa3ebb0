"""A network that reads images in batches and fails on the same kind of images one at a time."""

from bn_tui.events import HundredScored
from bn_tui.insight.answers import answers_one_class, single_answer
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.intervals import wilson
from bn_tui.insight.numbers import share

BADGE = "singles"
GRAVITY = Gravity.WORTHLESS
ABOUT = (
    "An image of its own has no batch to take statistics of. Where the answer to an image depends "
    "on the images beside it, accuracy in batches says nothing of how the network will do in use."
)
LOOKS_AT = (HundredScored,)

#: In standard deviations: a hundred samples are easier or harder than the test set by chance, and
#: one run in some ten thousand is as far below.
DEVIATIONS = 4.0


def find(look: Look) -> Sign | None:
    """Whether the samples, one at a time, are far below what the test accuracy lets expect."""
    summary, test = look.variant.summary, look.run.test_data
    correct, accuracy = summary.hundred_correct, summary.test_accuracy
    if not correct or accuracy is None:
        return None
    if test is not None and answers_one_class(look.variant, test):
        return None  # the class's share of the samples need not be that of the test images
    low, high = wilson(sum(correct), len(correct), DEVIATIONS)
    if accuracy <= high:
        return None
    answer = single_answer(look.variant)
    alike = "" if answer is None else f", answering {answer} to each"
    return Sign(
        claim="fails on single images",
        grounds=(
            f"asked one at a time it gets {sum(correct)} of {len(correct)} right{alike}, which at "
            f"{DEVIATIONS:g} standard deviations puts its accuracy between {share(low, 2)} and "
            f"{share(high, 2)}, and in batches {share(accuracy)} of the test images"
        ),
        evidence={
            "correct": sum(correct),
            "samples": len(correct),
            "interval_low": low,
            "interval_high": high,
            "test_accuracy": accuracy,
        },
    )
