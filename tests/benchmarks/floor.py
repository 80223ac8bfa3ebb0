"""How much arithmetic one training step is, whoever does it."""

from bn_tui.datasets.dataset import CLASSES
from bn_tui.engine.architecture import FEATURES, HIDDEN_UNITS, STACK

#: Forward, gradient with respect to the inputs, gradient with respect to the weights.
PASSES = 3


def step_flops(batch_size: int) -> int:
    """Count one step of one variant: its matrix products, each multiply-add as two.

    Convolutions count as dense ones, with the taps that only ever see padding; norms,
    activations and Adam count nothing.
    """
    products = sum(
        convolution.output_side**2 * 9 * convolution.inputs * convolution.channels
        for convolution in STACK
    )
    products += FEATURES * HIDDEN_UNITS + HIDDEN_UNITS * CLASSES
    return PASSES * 2 * products * batch_size
