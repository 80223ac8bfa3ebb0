"""Gradients that vanish or explode on their way back through the layers."""

import math

from bn_tui.events import LayersProbed
from bn_tui.insight.diagnosis import Gravity, Look, Sign

BADGE = "gradients"
GRAVITY = Gravity.HINDERED
ABOUT = (
    "Every layer scales the gradient that it hands back, and nineteen of them scale it by the "
    "nineteenth power. A norm keeps each factor near 1 (Ioffe and Szegedy, 2015, section 3.3), and "
    "kernels that start at the right size do so for a while (He et al., 2015)."
)
LOOKS_AT = (LayersProbed,)

#: How many times the largest gradient of a layer's kernel may be the smallest. Where batch norm
#: works it is some 20 to 200 times at the first batch, largest at the first layer (Yang et al.,
#: 2019), and less from then on.
APART = 1e3
#: A gradient of this L2 norm over thousands of weights is 1e-7 for each of them: near Adam's ε of
#: 1e-8, which then decides how far a step goes.
TINY = 1e-5
#: In a sound network the largest is 60, at the first batch.
HUGE = 1e3
#: With a training loss below this there is little left to learn, and small gradients are as they
#: should be; one digit for everything costs 0.325.
LEARNED = 0.1


def find(look: Look) -> Sign | None:
    """Whether layers have gradients of sizes far apart, or all of them far from any use."""
    probe, loss = look.variant.layers.last, look.variant.training_loss.last
    if probe is None or loss is None or loss < LEARNED or not probe.gradient_norm:
        return None
    norms = probe.gradient_norm
    if not all(map(math.isfinite, norms)):
        return None
    least, most = norms.index(min(norms)), norms.index(max(norms))
    far_apart = norms[most] > APART * norms[least]
    vanish = norms[most] < TINY or (far_apart and least < most)
    explode = norms[most] > HUGE or (far_apart and least > most)
    if not vanish and not explode:
        return None
    if norms[most] < TINY:
        norms_in_words = (
            f"the largest gradient of a kernel, that of layer {most + 1}, has a norm of "
            f"{norms[most]:.2g}"
        )
    else:
        norms_in_words = (
            f"their norms go from {norms[least]:.2g} at the kernel of layer {least + 1} to "
            f"{norms[most]:.2g} at that of layer {most + 1}"
        )
    return Sign(
        claim=f"has gradients that {'vanish' if vanish else 'explode'} with depth",
        grounds=f"at batch {probe.step} {norms_in_words}",
        evidence={
            "step": probe.step,
            "least_layer": least + 1,
            "least_gradient": norms[least],
            "most_layer": most + 1,
            "most_gradient": norms[most],
            "loss": loss,
        },
    )
