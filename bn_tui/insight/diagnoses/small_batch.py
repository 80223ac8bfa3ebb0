"""Batches too small for a norm that takes its statistics of them."""

import math

from bn_tui.events import StatisticsCompared
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.normalising import normalizes_with_starting_statistics
from bn_tui.insight.numbers import share
from bn_tui.variants import Statistics

BADGE = "small batch"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "Where a map has shrunk to 1×1, the statistics of a channel are those of one number for each "
    "image: of two images a norm leaves only which has the larger one. The error of such a mean is "
    "σ/√n. Group norm, which looks at one image alone (Wu and He, 2018), or batch renormalization "
    "(Ioffe, 2017) are meant for it."
)
LOOKS_AT = (StatisticsCompared,)

#: From so many images on, batch norm is known to do well (Wu and He, 2018, figure 1).
ENOUGH_IMAGES = 16
#: With fewer, what the batches' own statistics have to cost in accuracy while training,
#: against statistics of a thousand images with weights of the same time: four standard errors.
COST = 0.10
#: Below this cost it is over. In between it goes on as it was, so that it does not come and go.
ENDS = 0.05
#: Over how many training images that accuracy is averaged: its standard error is 0.025 at most.
SEEN = 400


def find(look: Look) -> Sign | None:
    """Whether batches are small, and better statistics make much of a difference.

    Accuracy in training is that of many batches, in which a network learns: it is held against
    precise statistics in the middle of them, for the latest weights would do better anyway.
    """
    probe, judgements = look.variant.layers.last, look.variant.judgements
    if probe is None or probe.images >= ENOUGH_IMAGES:
        return None
    batches = math.ceil(SEEN / probe.images)
    accuracy = look.variant.training_accuracy.latest_mean(batches)
    precise = judgements.curves[Statistics.PRECISE].accuracy.at(look.step - batches // 2)
    if accuracy is None or precise is None or normalizes_with_starting_statistics(probe):
        return None
    cost = precise.last - accuracy
    if not cost >= (ENDS if look.held else COST):
        return None
    error = 1 / math.sqrt(probe.images)
    return Sign(
        claim="takes its statistics of too few images",
        grounds=(
            f"of {probe.images} a batch, so that on maps of one pixel a mean is "
            f"{share(error, 2)} standard deviations off; with them it reads {share(accuracy, 2)} "
            f"of what it trains on in {batches} batches, and after batch {precise.last_step} "
            f"{share(precise.last, 2)} of the validation images with statistics of many"
        ),
        evidence={
            "images": probe.images,
            "error_of_mean": error,
            "training_accuracy": accuracy,
            "batches": batches,
            "precise_accuracy": precise.last,
            "step": precise.last_step,
        },
    )
