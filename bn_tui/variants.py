"""The variants of the network: what each one is, in plain data.

To add a variant, add an entry to `VARIANTS`; one with a norm of its own also adds that norm to
`engine/norms.py`.
"""

from dataclasses import dataclass
from typing import Literal

KernelInitializer = Literal["glorot_uniform", "truncated_normal"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to train the network.

    Attributes:
        name: what the command line, the log and the screens call it.
        summary: one line for `bn-tui variants`.
        norm: the key of its normalisation in `engine.norms.NORMS`.
        convolution_initializer: how convolution kernels start; the dense kernels of every variant
            start glorot_uniform.
        origin: what it is called in the original script, or where else it comes from.
    """

    name: str
    summary: str
    norm: str
    convolution_initializer: KernelInitializer
    origin: str


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant(
            name="plain",
            summary="no batch norm: a bias after every kernel",
            norm="bias",
            convolution_initializer="glorot_uniform",
            origin="train",
        ),
        Variant(
            name="layers",
            summary="the library's layer, keras.layers.BatchNormalization",
            norm="keras",
            convolution_initializer="glorot_uniform",
            origin="train_BN",
        ),
        Variant(
            name="manual",
            summary="batch norm written by hand, its gradient too",
            norm="moments",
            convolution_initializer="truncated_normal",
            origin="train_BN1",
        ),
        Variant(
            name="nn",
            summary="as manual, through tf.nn.moments and tf.nn.batch_normalization",
            norm="nn",
            convolution_initializer="truncated_normal",
            origin="train_BN1, as its heading has it",
        ),
        Variant(
            name="fused",
            summary="TensorFlow's fused kernel, which layers ran on in TensorFlow 1",
            norm="fused",
            convolution_initializer="glorot_uniform",
            origin="train_BN in TensorFlow 1",
        ),
    )
}

DEFAULT_VARIANTS = ("plain", "layers", "manual")
