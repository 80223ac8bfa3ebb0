"""What is measured inside the network, each quantity once: its name, its unit, how it is read.

To add a quantity, add its field to `LayersProbed` and an entry to `LAYER_QUANTITIES`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which way a quantity is better, where there is such a way."""

    LESS = "less is better"
    CENTRE = "the nearer the better"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerQuantity:
    """A number for each normalised layer at each probe.

    Attributes:
        field: of LayersProbed.
        name: what lists, captions and sentences call it.
        meaning: what it tells, in one line.
        unit: what stands behind a value; nothing where it is a pure number.
        logarithmic: whether equal ratios are equally far apart; its values are positive.
        centre: the value on either side of which it means two different things, if there is one.
        better: which way is better.
    """

    field: str
    name: str
    meaning: str
    unit: str = ""
    logarithmic: bool = False
    centre: float | None = None
    better: Better | None = None

    @property
    def aim(self) -> str:
        """Which way is better, in words; nothing where neither is."""
        match self.better:
            case Better.CENTRE if self.centre is not None:
                return f"best near {self.centre:g}"
            case None:
                return ""
            case better:
                return better


LAYER_QUANTITIES = {
    quantity.field: quantity
    for quantity in (
        LayerQuantity(
            field="image_deviation",
            name="image σ",
            meaning="how far one image still differs from another",
            logarithmic=True,
        ),
        LayerQuantity(
            field="input_deviation",
            name="input σ",
            meaning="the spread of what enters the norm; near 0 it is dead",
            logarithmic=True,
        ),
        LayerQuantity(
            field="input_mean",
            name="input mean",
            meaning="the mean of what enters the norm",
            centre=0.0,
        ),
        LayerQuantity(
            field="input_p15",
            name="input 15 %",
            meaning="15 % of what enters the norm is below this",
            centre=0.0,
        ),
        LayerQuantity(
            field="input_p50",
            name="input median",
            meaning="half of what enters the norm is below this",
            centre=0.0,
        ),
        LayerQuantity(
            field="input_p85",
            name="input 85 %",
            meaning="85 % of what enters the norm is below this",
            centre=0.0,
        ),
        LayerQuantity(
            field="output_deviation",
            name="output σ",
            meaning="the spread of what leaves the norm",
            logarithmic=True,
            centre=1.0,
        ),
        LayerQuantity(
            field="dead_share",
            name="dead ReLUs",
            meaning="channels that are 0 for every image of the batch",
            unit="of all channels",
            better=Better.LESS,
        ),
        LayerQuantity(
            field="gradient_norm",
            name="gradient norm",
            meaning="how strongly the loss pulls at the layer's kernel",
            logarithmic=True,
        ),
        LayerQuantity(
            field="bias_gradient_norm",
            name="bias gradient",
            meaning="how strongly the loss pulls at the layer's bias",
            logarithmic=True,
        ),
        LayerQuantity(
            field="mean_distance",
            name="mean distance",
            meaning="how far the moving mean is from the batch's",
            unit="batch σ",
            better=Better.LESS,
        ),
        LayerQuantity(
            field="variance_log_ratio",
            name="log σ² ratio",
            meaning="the ln of the moving variance over the batch's",
            centre=0.0,
            better=Better.CENTRE,
        ),
        LayerQuantity(
            field="moving_mean",
            name="moving mean",
            meaning="how large the moving means are; they start at 0",
        ),
        LayerQuantity(
            field="moving_variance",
            name="moving variance",
            meaning="how large the moving variances are; they start at 1",
            logarithmic=True,
            centre=1.0,
        ),
        LayerQuantity(
            field="gamma_mean",
            name="γ mean",
            meaning="the scale that the norm has learned; it starts at 1",
            centre=1.0,
        ),
        LayerQuantity(
            field="gamma_deviation",
            name="γ spread",
            meaning="how far the scales of the channels differ",
        ),
        LayerQuantity(
            field="beta_mean",
            name="β mean",
            meaning="the shift that the norm has learned; it starts at 0",
            centre=0.0,
        ),
        LayerQuantity(
            field="beta_deviation",
            name="β spread",
            meaning="how far the shifts of the channels differ",
        ),
    )
}
