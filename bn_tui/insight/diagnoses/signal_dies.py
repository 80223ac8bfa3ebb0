"""A signal that is lost on its way down: deep layers see the same whatever the image."""

import math

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign
from bn_tui.insight.numbers import percent

BADGE = "signal"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "Each layer hands on less of what tells images apart, or adds more that is the same for all of "
    "them, until nothing that is learned can depend on the image. Batch norm brings each channel's "
    "spread back to γ in every layer; without it the kernels have to start at the right size (He "
    "et al., 2015)."
)
LOOKS_AT = (LayersProbed,)

#: The spread between images in the first layer, times this, is none any more: three powers of ten
#: are lost. With batch norm no layer has less of it than the first.
DIED = 1e-3
#: Of a layer's standard deviation, this share between images is next to none; with batch norm it
#: is two fifths or more in every layer.
DROWNED = 0.1
#: The share that it takes for the diagnosis to end, so that it does not come and go.
BACK = 0.2


def find(look: Look) -> Sign | None:
    """Whether what differs between images is lost, or drowned, in one of the layers."""
    probe = look.variant.layers.last
    if probe is None or probe.images < 2:
        return None
    between, spread = probe.image_deviation, probe.input_deviation
    if (
        not between
        or not spread
        or not all(map(math.isfinite, (*between, *spread)))
        or between[0] <= 0
    ):
        return None
    shares = [part / whole if whole else 0.0 for part, whole in zip(between, spread, strict=False)]
    died = min(between) < DIED * between[0]
    if not died and min(shares) >= (BACK if look.held else DROWNED):
        return None
    lost = between.index(min(between)) if died else shares.index(min(shares))
    if died:
        grounds = (
            f"at batch {probe.step} the standard deviation between images is {between[0]:.2g} at "
            f"layer 1 and {between[lost]:.2g} at layer {lost + 1}"
        )
    else:
        grounds = (
            f"at batch {probe.step} the standard deviation between images is {percent(shares[0])} "
            f"of the whole at layer 1 and {percent(shares[lost])} at layer {lost + 1}"
        )
    return Sign(
        claim="loses its signal with depth",
        grounds=grounds,
        evidence={
            "step": probe.step,
            "layer": lost + 1,
            "image_deviation": between[lost],
            "input_deviation": spread[lost],
            "share": shares[lost],
            "first_image_deviation": between[0],
            "first_share": shares[0],
        },
        weight=1.0 if died else 0.0,
    )
