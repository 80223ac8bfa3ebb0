"""How much arithmetic one training step is, whoever does it."""

from bn_tui.datasets.dataset import CLASSES
from bn_tui.engine.architecture import FEATURES, HIDDEN_UNITS, STACK, Convolution

DENSE_PRODUCTS = FEATURES * HIDDEN_UNITS + HIDDEN_UNITS * CLASSES


def needed_flops(batch_size: int) -> int:
    """Count what the mathematics needs of one step of one variant: each multiply-add as two.

    The matrix products forward and of both gradients, without those of a tap with padding, which
    are zero, and without the gradient of the pixels, which nobody asks for. Norms, activations
    and Adam count nothing.
    """
    products = [_products(convolution) for convolution in STACK]
    passes = 3 * (sum(products) + DENSE_PRODUCTS) - products[0]
    return 2 * passes * batch_size


def dense_flops(batch_size: int) -> int:
    """Count the same with every tap at every place, and with the gradient of the pixels."""
    products = sum(
        convolution.output_side**2 * 9 * convolution.inputs * convolution.channels
        for convolution in STACK
    )
    return 2 * 3 * (products + DENSE_PRODUCTS) * batch_size


def _products(convolution: Convolution) -> int:
    """Count the multiplications of one image's feature maps with a tap's weights."""
    seen = sum(len(convolution.taps(position)) for position in range(convolution.side))
    return seen**2 * convolution.inputs * convolution.channels
