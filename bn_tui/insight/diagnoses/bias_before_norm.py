"""A bias in front of a norm, which subtracts it again."""

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign

BADGE = "bias"
GRAVITY = Gravity.NOTED
ABOUT = (
    "A norm subtracts the mean, and with it whatever was added to every value before, so the bias "
    "changes nothing and its gradient is 0 but for rounding. Of that Adam, which divides by the "
    "size of a gradient, makes steps as of any other: the bias drifts, and the moving mean has to "
    "follow. β takes its place (Ioffe and Szegedy, 2015, section 3.2); the layer before wants "
    "use_bias=False."
)
LOOKS_AT = (LayersProbed,)

#: The gradient of a bias that matters is about as large as that of its kernel; what rounding
#: leaves of one that does not is some ten thousandths of it.
VANISHED = 0.01


def find(look: Look) -> Sign | None:
    """Whether there are both, and in every layer the bias has next to no gradient."""
    probe = look.variant.layers.last
    if probe is None or not probe.gamma_mean:
        return None
    pairs = list(zip(probe.bias_gradient_norm, probe.gradient_norm, strict=False))
    if not pairs or not all(bias <= VANISHED * kernel and kernel > 0 for bias, kernel in pairs):
        return None
    largest = max(bias / kernel for bias, kernel in pairs)
    return Sign(
        claim="has a bias that its norm subtracts again",
        grounds=(
            f"at batch {probe.step} the gradient of a layer's bias is, where it is largest, "
            f"{largest:.2g} of its kernel's"
        ),
        evidence={"step": probe.step, "largest_share_of_kernel": largest, "layers": len(pairs)},
        weight=largest,
    )
