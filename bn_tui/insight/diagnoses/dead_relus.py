"""ReLUs that give 0 for every image, so that nothing flows through them, forward or back."""

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.numbers import percent

BADGE = "dead ReLUs"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "A channel whose ReLU never opens has no gradient and cannot come back by itself. Large steps "
    "early in training push biases, or β, so low. A norm of batches spreads every channel about β "
    "and so keeps it open for some image."
)
LOOKS_AT = (LayersProbed,)

#: The share of a layer's channels that has to be dead: where a norm of batches works it is none.
BEGINS = 0.5
#: The share below which it ends, so that it does not come and go.
ENDS = 0.4
#: A channel that is open for every other image is closed for all of sixteen once in 65,536 times.
FEWEST_IMAGES = 16


def find(look: Look) -> Sign | None:
    """Whether in one of the layers at least half of the channels are dead."""
    probe = look.variant.layers.last
    if probe is None or not probe.dead_share or probe.images < FEWEST_IMAGES:
        return None
    share = max(probe.dead_share)
    if not share >= (ENDS if look.held else BEGINS):
        return None
    layer = probe.dead_share.index(share) + 1
    return Sign(
        claim="has dead ReLUs",
        grounds=(
            f"at batch {probe.step}, {percent(share)} of the channels of layer {layer} give 0 for "
            f"each of {probe.images} images"
        ),
        evidence={
            "step": probe.step,
            "layer": layer,
            "dead_share": share,
            "images": probe.images,
        },
        weight=share,
    )
