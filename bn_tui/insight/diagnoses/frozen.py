"""Training that normalises with the statistics which the moving averages start with."""

from itertools import count

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.normalising import normalizes_with_starting_statistics

BADGE = "frozen"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "With training=False while training, a norm takes its moving averages for the statistics of "
    "the batch. As they start, mean 0 and variance 1, they change nothing, so this is a network "
    "without a norm. Freezing is for a network whose averages have been trained."
)
LOOKS_AT = (LayersProbed,)


def find(look: Look) -> Sign | None:
    """Whether the averages are as they started, and what leaves the norms is what enters them."""
    probe = look.variant.layers.last
    if probe is None or not normalizes_with_starting_statistics(probe):
        return None
    layer, inside, outside = _find_layer_that_passes_on(probe)
    return Sign(
        claim="trains with the statistics that it started with",
        grounds=(
            f"before batch {probe.step} every moving mean is 0 and every moving variance 1, and "
            f"what enters layer {layer}'s norm with a standard deviation of {inside:.2g} leaves it "
            f"with {outside:.2g}"
        ),
        evidence={
            "updates": probe.step,
            "moving_mean": max(probe.moving_mean),
            "moving_variance": max(probe.moving_variance),
            "layer": layer,
            "input_deviation": inside,
            "output_deviation": outside,
        },
    )


def _find_layer_that_passes_on(probe: LayersProbed) -> tuple[int, float, float]:
    """The layer whose deviation, in and out, is least changed of those that are far from 1."""
    layers = list(zip(count(1), probe.input_deviation, probe.output_deviation, strict=False))
    far = [each for each in layers if not 0.5 < each[1] < 2 and each[1] > 0 and each[2] > 0]
    return min(far or layers, key=lambda each: abs(each[2] - each[1]) / (each[1] or 1.0))
