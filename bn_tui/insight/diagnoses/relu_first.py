"""A norm behind the ReLU: what it normalises has already been cut."""

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign

BADGE = "ReLU first"
GRAVITY = Gravity.NOTED
ABOUT = (
    "Ioffe and Szegedy (2015, section 3.2) normalise before the ReLU, where values are spread "
    "about 0 and the cut then takes half of them. Behind it the norm sees one half only, and what "
    "the next layer gets may be negative again."
)
LOOKS_AT = (LayersProbed,)


def find(look: Look) -> Sign | None:
    """Whether few or none of the values that enter a norm are negative, in every layer.

    Before a ReLU a layer's weighted sums are spread about 0. One layer may be an exception; all
    of them never are.
    """
    probe = look.variant.layers.last
    if probe is None or not probe.gamma_mean or not probe.input_p15:
        return None
    positive = all(percentile >= 0 for percentile in probe.input_p15)
    if not positive or not all(deviation > 0 for deviation in probe.input_deviation):
        return None
    return Sign(
        claim="normalises behind the ReLU",
        grounds=(
            f"at batch {probe.step} the least 15th percentile of what enters the norms of "
            f"{len(probe.input_p15)} layers is {min(probe.input_p15):.2g}"
        ),
        evidence={
            "step": probe.step,
            "least_p15": min(probe.input_p15),
            "layers": len(probe.input_p15),
        },
    )
