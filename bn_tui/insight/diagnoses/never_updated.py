"""Moving averages that training never updates."""

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.normalising import (
    keeps_starting_statistics,
    normalizes_with_starting_statistics,
)

BADGE = "no updates"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "The network normalises with its batches while it trains, but nobody ran the updates of the "
    "averages, so inference scales with mean 0 and variance 1, whatever the weights have become. "
    "In TensorFlow 1 the training operation had to depend on UPDATE_OPS; a layer of one's own has "
    "to assign them itself."
)
LOOKS_AT = (LayersProbed,)


def find(look: Look) -> Sign | None:
    """Whether the averages are as they started, to the bit, in a network that normalises."""
    probe = look.variant.layers.last
    if probe is None or not keeps_starting_statistics(probe):
        return None
    if normalizes_with_starting_statistics(probe):
        return None
    evidence: dict[str, float] = {
        "updates": probe.step,
        "moving_mean": max(probe.moving_mean),
        "moving_variance": max(probe.moving_variance),
    }
    return Sign(
        claim="does not update its moving averages",
        grounds=(
            f"before batch {probe.step} every moving mean is still 0 and every moving variance 1"
        ),
        evidence=evidence,
    )
