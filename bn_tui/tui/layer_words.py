"""What the Layers screen says of the value under its cursor."""

from rich.text import Text

from bn_tui.insight.layers import ProbedSteps
from bn_tui.insight.quantities import LayerQuantity
from bn_tui.tui.heat import name_layer
from bn_tui.tui.layer_view import LayerReader
from bn_tui.tui.palette import Palette
from bn_tui.tui.widgets.statement_line import Statement
from bn_tui.tui.words import short


def read_cursor(reader: LayerReader, palette: Palette) -> Text:
    """Say what the selected variant has at the cursor, and what that tells."""
    quantity = reader.view.quantity
    probe, value = reader.probe(reader.variant), reader.value(reader.variant)
    words = Text()
    if probe is not None and value is not None:
        look = palette.look(reader.variant)
        words.append(f"{reader.variant}", f"bold {look.hue}")
        words.append(palette.spell(f", {tell_layer(reader)}, {tell_steps(probe)}: "))
        words.append(palette.spell(f"{quantity.name} {_measure(quantity, value)}"), "bold")
        words.append(palette.spell(_tell_start(reader, probe)))
        words.append(". ")
    about = [quantity.meaning, quantity.aim]
    sentence = "; ".join(part for part in about if part)
    words.append(palette.spell(f"{sentence[0].upper()}{sentence[1:]}."), palette.faint)
    return words


def _measure(quantity: LayerQuantity, value: float) -> str:
    return f"{short(value)} {quantity.unit}".rstrip()


def _tell_start(reader: LayerReader, probe: ProbedSteps) -> str:
    """What the same layer had at the first probe, where this is a later one."""
    first = reader.layers_of(reader.variant).first
    if first is None or first.step == probe.first_step:
        return ""
    value = getattr(first, reader.view.quantity.field)[reader.view.layer]
    return f" ({short(value)} at batch {first.step:,})"


def tell_layer(reader: LayerReader) -> str:
    """Name the layer under the cursor."""
    layers = reader.layers
    return f"layer {reader.view.layer + 1} of {layers} ({name_layer(reader.view.layer, layers)})"


def tell_steps(probe: ProbedSteps) -> str:
    """Name the batch of a probe, or the batches of several that were averaged."""
    if probe.count == 1:
        return f"batch {probe.first_step:,}"
    return f"mean of {probe.count} probes at batches {probe.first_step:,} to {probe.last_step:,}"


def state_view(reader: LayerReader, palette: Palette, *, wide: bool) -> dict[str, list[Statement]]:
    """State what the map, the fan and the profile show, each beside the keys that change it."""
    view = reader.view
    look, glyphs = palette.look(reader.variant), palette.glyphs
    sideways, upright = ("<>", "^v") if palette.ascii_only else ("←→", "↑↓")
    variant = f"{look.marker} {reader.variant}"
    at_map = [
        Statement("tab", "", variant, press="tab", hue=look.hue),
        Statement("m", "", palette.spell(view.quantity.name), press="m"),
    ]
    if wide:
        whose = reader.variant if view.own_scale else "all variants"
        at_map.append(Statement("c", "colours span", whose, press="c"))
    at_layer = [
        Statement(upright, "layer", name_layer(view.layer, reader.layers)),
        Statement(
            "f", "", f"{glyphs.dots[-1]} 15 to 85 %  {glyphs.dash} median  + mean", press="f"
        ),
    ]
    step = f"{reader.step:,}{', the latest' * (view.step is None)}" if reader.layers else "none"
    at_step = [Statement(sideways, "step", step)]
    return {"map": at_map, "layer": at_layer, "step": at_step}
