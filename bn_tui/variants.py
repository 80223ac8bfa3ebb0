"""The variants of the network: what each one is, in plain data.

To add a variant, add an entry to `VARIANTS`; one with a norm of its own also adds that norm to
`engine/norms`.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

KernelInitializer = Literal["glorot_uniform", "truncated_normal", "he_live_taps"]

#: Stands between a variant's name and a batch size of its own, as in `group:2`.
BATCH_SIZE_MARK = ":"

#: Stands between a variant and its run, where several runs are shown side by side.
RUN_MARK = "@"

#: The norms that take each image alone, or normalise nothing.
_WITHOUT_BATCH = frozenset({"bias", "group", "layer", "instance"})


class Statistics(StrEnum):
    """Which mean and variance a batch norm normalises with.

    MOVING are the averages kept while training, BATCH those of the very batch that is looked at,
    and PRECISE those of many training images, recomputed with the present weights (Wu and Johnson,
    2021, https://arxiv.org/abs/2105.07576, section 3).
    """

    MOVING = "moving"
    BATCH = "batch"
    PRECISE = "precise"


class Kind(StrEnum):
    """What a variant is there for: `bn-tui variants` lists them in this order."""

    ORIGINAL = "the original's network, and what it ran on"
    MISTAKE = "the same with a classic mistake"
    ALTERNATIVE = "other ways to train so deep a network"


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a norm is built into the network: where mistakes are made.

    Attributes:
        training: what it normalises with while it trains, MOVING or BATCH.
        updates: whether training keeps the moving averages up to date.
        inference: what it normalises with when it is judged.
        relu_first: whether it stands behind the ReLU and not before.
    """

    training: Statistics = Statistics.BATCH
    updates: bool = True
    inference: Statistics = Statistics.MOVING
    relu_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to train the network; what is not said is as in `manual`.

    Attributes:
        name: what the command line, the log and the screens call it.
        summary: one line for `bn-tui variants`.
        norm: the key of its normalisation in `engine.norms.NORMS`.
        convolution_initializer: how convolution kernels start; the dense kernels of every variant
            start glorot_uniform, or as He's where convolutions do.
        origin: what it is called in the original script, or where else it comes from.
        kind: what it is there for.
        wiring: how the norm is built in.
        momentum: of its moving averages, where it is not the run's.
        batch_size: images in its batches, where it is not the run's.
    """

    name: str
    summary: str
    origin: str
    norm: str = "moments"
    convolution_initializer: KernelInitializer = "truncated_normal"
    kind: Kind = Kind.ORIGINAL
    wiring: Wiring = field(default_factory=Wiring)
    momentum: float | None = None
    batch_size: int | None = None

    @property
    def needs_batch(self) -> bool:
        """Whether it trains on the statistics of its batches."""
        return self.norm not in _WITHOUT_BATCH and self.wiring.training is Statistics.BATCH


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
            origin="train_BN1",
        ),
        Variant(
            name="nn",
            summary="as manual, through tf.nn.moments and tf.nn.batch_normalization",
            norm="nn",
            origin="train_BN1, as its heading has it",
        ),
        Variant(
            name="fused",
            summary="TensorFlow's fused kernel, which layers ran on in TensorFlow 1",
            norm="fused",
            convolution_initializer="glorot_uniform",
            origin="train_BN in TensorFlow 1",
        ),
        Variant(
            name="forgot-updates",
            summary="manual, but the moving averages are never updated",
            origin="the update operations of TensorFlow 1 that nobody ran",
            kind=Kind.MISTAKE,
            wiring=Wiring(updates=False),
        ),
        Variant(
            name="batch-at-inference",
            summary="manual, but judged with the statistics of the judged batch",
            origin="training=True at inference",
            kind=Kind.MISTAKE,
            wiring=Wiring(inference=Statistics.BATCH),
        ),
        Variant(
            name="frozen",
            summary="manual, but it trains with the moving averages, which stay as they start",
            origin="training=False while training",
            kind=Kind.MISTAKE,
            wiring=Wiring(training=Statistics.MOVING, updates=False),
        ),
        Variant(
            name="bias",
            summary="manual with a bias before the norm, which subtracts it again",
            origin="use_bias=True, the default of Keras's layers",
            kind=Kind.MISTAKE,
            norm="biased",
        ),
        Variant(
            name="relu-first",
            summary="manual with the norm behind the ReLU",
            origin="Ioffe and Szegedy (2015), section 3.2, argue for before",
            kind=Kind.MISTAKE,
            wiring=Wiring(relu_first=True),
        ),
        Variant(
            name="momentum-9",
            summary="manual with momentum 0.9: the moving averages follow ten times as fast",
            origin="the usual cure of the lag",
            kind=Kind.ALTERNATIVE,
            momentum=0.9,
        ),
        Variant(
            name="precise",
            summary="manual, judged with statistics recomputed from 1,024 training images",
            origin="Wu and Johnson (2021)",
            kind=Kind.ALTERNATIVE,
            wiring=Wiring(inference=Statistics.PRECISE),
        ),
        Variant(
            name="renorm",
            summary="batch renormalization: the batch's statistics, bent towards the moving ones",
            origin="Ioffe (2017)",
            kind=Kind.ALTERNATIVE,
            norm="renorm",
        ),
        Variant(
            name="group",
            summary="group norm: each image alone, four groups of channels",
            origin="Wu and He (2018)",
            kind=Kind.ALTERNATIVE,
            norm="group",
        ),
        Variant(
            name="layer",
            summary="layer norm: each image alone, all channels together",
            origin="Ba, Kiros and Hinton (2016)",
            kind=Kind.ALTERNATIVE,
            norm="layer",
        ),
        Variant(
            name="instance",
            summary="instance norm: each map of each image alone, which empties maps of 1×1",
            origin="Ulyanov, Vedaldi and Lempitsky (2016)",
            kind=Kind.ALTERNATIVE,
            norm="instance",
        ),
        Variant(
            name="plain-he",
            summary="no norm, kernels scaled so that the signal keeps its size on the way down",
            origin="He, Zhang, Ren and Sun (2015), counting the taps that see no padding",
            kind=Kind.ALTERNATIVE,
            norm="bias",
            convolution_initializer="he_live_taps",
        ),
    )
}

DEFAULT_VARIANTS = ("plain", "layers", "manual")


@dataclass(frozen=True, slots=True)
class Preset:
    """A question, and the variants that answer it side by side."""

    name: str
    summary: str
    variants: tuple[str, ...]


_NORMS = ("manual", "group", "layer", "instance", "renorm")

PRESETS = {
    preset.name: preset
    for preset in (
        Preset("original", "the original's three: what does batch norm do?", DEFAULT_VARIANTS),
        Preset(
            "mistakes",
            "the classic mistakes, beside the one who made none",
            ("manual", "forgot-updates", "batch-at-inference", "frozen", "bias", "relu-first"),
        ),
        Preset("norms", "what else trains so deep a network", (*_NORMS, "plain-he")),
        Preset(
            "small-batch",
            "the norms at 2, 4 and 8 images a batch",
            tuple(f"{name}{BATCH_SIZE_MARK}{size}" for size in (2, 4, 8) for name in _NORMS),
        ),
        Preset(
            "cure",
            "the lag of the moving averages, and two cures",
            ("manual", "momentum-9", "precise"),
        ),
    )
}


def find_variant(name: str) -> Variant:
    """Give the variant that a run calls `name`: an entry's name, or `NAME:BATCH_SIZE`.

    `name@RUN`, as it is called beside those of other runs, is the same variant.

    Raises:
        KeyError: there is none.
        ValueError: what stands for a batch size is no number.
    """
    called, _, _ = name.partition(RUN_MARK)
    base, mark, batch_size = called.partition(BATCH_SIZE_MARK)
    variant = VARIANTS[base]
    if not mark:
        return variant
    return replace(
        variant,
        name=called,
        summary=f"{variant.summary}; in batches of {batch_size}",
        batch_size=int(batch_size),
    )
