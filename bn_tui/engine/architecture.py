"""The shape of the one network: 19 convolutions, a dense layer of 100, an output of 10."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bn_tui.datasets.dataset import CLASSES, SIDE
from bn_tui.engine.seeds import KERNEL, generator
from bn_tui.variants import KernelInitializer

HIDDEN_UNITS = 100
CONVOLUTIONS = 19

Kernel = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Convolution:
    """A 3×3 convolution with SAME padding: [N, side, side, inputs] → [N, out, out, channels]."""

    depth: int
    side: int
    inputs: int

    @property
    def channels(self) -> int:
        """How many feature maps come out."""
        return 4 * self.depth

    @property
    def stride(self) -> int:
        """Every third convolution halves the side."""
        return 2 if self.depth % 3 == 0 else 1

    @property
    def output_side(self) -> int:
        """The side of the feature maps that come out."""
        return -(-self.side // self.stride)

    @property
    def padding(self) -> int:
        """Rows of zeros above (and columns to the left), as TensorFlow's SAME has them."""
        return max((self.output_side - 1) * self.stride + 3 - self.side, 0) // 2

    @property
    def kernel_shape(self) -> tuple[int, int, int, int]:
        """Height, width, inputs, channels."""
        return (3, 3, self.inputs, self.channels)

    def taps(self, input_position: int) -> dict[int, int]:
        """Along one axis: output position → which of the three taps sees `input_position`."""
        offsets = {
            output: input_position - output * self.stride + self.padding
            for output in range(self.output_side)
        }
        return {output: tap for output, tap in offsets.items() if 0 <= tap < 3}

    @property
    def live_taps(self) -> NDArray[np.bool_]:
        """Which of the taps [3, 3] ever see anything but padding; the others cannot learn."""
        alive = np.zeros(3, bool)
        for position in range(self.side):
            alive[list(self.taps(position).values())] = True
        return np.outer(alive, alive)

    @property
    def fan_in(self) -> float:
        """How many inputs an output sums over, on average: taps that see padding do not count."""
        seen = sum(len(self.taps(position)) for position in range(self.side))
        return self.inputs * (seen / self.output_side) ** 2


def _stack() -> tuple[Convolution, ...]:
    convolutions = [Convolution(depth=1, side=SIDE, inputs=1)]
    for depth in range(2, CONVOLUTIONS + 1):
        below = convolutions[-1]
        convolutions.append(Convolution(depth, below.output_side, below.channels))
    return tuple(convolutions)


STACK = _stack()

FEATURES = STACK[-1].output_side ** 2 * STACK[-1].channels

KERNEL_SHAPES: tuple[tuple[int, ...], ...] = (
    *(convolution.kernel_shape for convolution in STACK),
    (FEATURES, HIDDEN_UNITS),
    (HIDDEN_UNITS, CLASSES),
)


def initial_kernels(initializer: KernelInitializer, seed: int) -> list[Kernel]:
    """Draw the kernels in the order of `KERNEL_SHAPES`.

    Two variants start equal wherever their initialisers agree: the draw depends on the seed and
    the kernel's place alone.
    """
    draw_convolution, draw_dense = _INITIALIZERS[initializer]
    kernels = []
    for index, shape in enumerate(KERNEL_SHAPES):
        random = generator(seed, KERNEL, index)
        if index < CONVOLUTIONS:
            kernels.append(draw_convolution(shape, STACK[index].fan_in, random))
        else:
            kernels.append(draw_dense(shape, shape[0], random))
    return kernels


def _draw_glorot_uniform(shape: Sequence[int], _: float, random: np.random.Generator) -> Kernel:
    """Glorot and Bengio (2010), equation 16; the receptive field counts towards both fans."""
    field = int(np.prod(shape[:-2]))
    limit = np.sqrt(6 / (field * (shape[-2] + shape[-1])))
    return random.uniform(-limit, limit, shape).astype(np.float32)


def _draw_truncated_normal(shape: Sequence[int], _: float, random: np.random.Generator) -> Kernel:
    """σ = 0.05, redrawn beyond 2σ, as tf.truncated_normal_initializer(stddev=0.05)."""
    values = random.standard_normal(shape)
    while (outside := np.abs(values) > 2).any():
        values[outside] = random.standard_normal(np.count_nonzero(outside))
    return (0.05 * values).astype(np.float32)


def _draw_he_normal(shape: Sequence[int], fan_in: float, random: np.random.Generator) -> Kernel:
    """He, Zhang, Ren and Sun (2015, arXiv 1502.01852), equation 10: σ² = 2 / fan_in."""
    return (np.sqrt(2 / fan_in) * random.standard_normal(shape)).astype(np.float32)


_INITIALIZERS = {
    "glorot_uniform": (_draw_glorot_uniform, _draw_glorot_uniform),
    "truncated_normal": (_draw_truncated_normal, _draw_glorot_uniform),
    "he_live_taps": (_draw_he_normal, _draw_he_normal),
}
