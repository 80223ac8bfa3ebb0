"""What the Layers screen draws and says, from the probes of a run."""

from dataclasses import replace
from math import inf, nan

import pytest
from probed_runs import LAYERS, look_inside, probe, probe_normalised
from told_runs import started

from bn_tui.events import Phase, PhaseEntered, Status, StepTrained, VariantEnded
from bn_tui.insight.history import RunHistory
from bn_tui.insight.layers import CAPACITY, Extent
from bn_tui.insight.quantities import LAYER_QUANTITIES
from bn_tui.tui.drawing import ASCII, UNICODE, Stroke
from bn_tui.tui.layer_charts import LayerPlotter, color_scale, value_span
from bn_tui.tui.layer_view import LayerReader, LayerView
from bn_tui.tui.layer_words import read_cursor, state_view
from bn_tui.tui.palette import Palette

PALETTE = Palette(UNICODE, dark=True, ink="#e0e0e0", faint="#808080", alarm="#ff6b6b")
NAMES = ("plain", "layers", "manual")
MEANING = "How far one image still differs from another."


def tell(*events):
    history = RunHistory()
    for event in events:
        history.add(event)
    return history


def trained(variant, step):
    return StepTrained(
        seconds=1.0, variant=variant, step=step, loss=0.5, accuracy=0.5, step_seconds=0.1
    )


def read(history, variant="manual", *, probe_every=25, **view):
    if "quantity" in view:
        view["quantity"] = LAYER_QUANTITIES[view["quantity"]]
    return LayerReader(history, LayerView(**view), variant, tuple(history.variants), probe_every)


def plot(history, variant="manual", **view):
    return LayerPlotter(read(history, variant, **view), PALETTE)


@pytest.fixture(scope="module")
def history(recorded):
    """A whole run, each of its variants probed every 25 of 800 steps."""
    return tell(*look_inside(recorded))


class TestReading:
    def test_it_follows_the_latest_probe_of_each_variant(self, until):
        # plain is at step 700, layers at 475 and manual at 559
        reader = read(tell(*look_inside(until(40))))
        assert [reader.probe(name).first_step for name in NAMES] == [700, 475, 550]

    def test_a_variant_that_has_not_come_so_far_has_nothing(self, until):
        reader = read(tell(*look_inside(until(40))), step=550)
        assert reader.probe("layers") is None
        assert reader.value("layers") is None
        assert reader.probe("plain").first_step == reader.step == 550

    def test_a_step_between_two_probes_is_the_one_before(self, history):
        reader = read(history, step=60)
        assert reader.step == 50
        assert reader.value("manual") == probe_normalised("manual", 50).image_deviation[0]

    @pytest.mark.parametrize(
        ("step", "by", "found"),
        [(None, -1, 750), (None, 1, 775), (100, 1, 125), (0, -1, 0), (110, -1, 75), (775, 5, 775)],
    )
    def test_the_cursor_moves_by_probes(self, history, step, by, found):
        assert read(history, step=step).moved(by).step == found

    @pytest.mark.parametrize(("step", "found"), [(-5, 0), (12, 0), (13, 25), (1e9, 775)])
    def test_pointing_finds_the_nearest_probe(self, history, step, found):
        assert read(history).pointed(step).step == found

    def test_a_variant_without_a_probe_has_no_cursor_to_move(self):
        reader = read(tell(started("manual", schema=2)))
        assert reader.moved(1) == reader.pointed(3.0) == reader.view
        assert reader.layers == 0

    def test_the_cursor_can_be_where_the_variant_is_not_yet(self, until):
        reader = read(tell(*look_inside(until(40))), "layers", step=700)
        assert reader.step == 700
        assert reader.moved(-1).step == 450


class TestWaiting:
    def waiting(self, *events, variant="manual", **facts):
        return read(tell(*events), variant, **facts).waiting

    def test_probes_may_be_off(self):
        start = started("manual", schema=2, probe_every=0)
        assert self.waiting(start, probe_every=0) == "probes are off: --probe-every 0"

    def test_an_older_run_has_none(self):
        assert "older bn-tui" in self.waiting(started("manual", schema=1), trained("manual", 0))

    def test_the_first_may_be_yet_to_come(self):
        told = self.waiting(started("manual", schema=2), trained("manual", 0))
        assert told == "no probe yet: there is one every 25 batches"

    def test_the_first_batch_may_be_yet_to_come(self):
        phase = PhaseEntered(seconds=0.0, variant="manual", phase=Phase.COMPILING)
        assert self.waiting(started("manual", schema=2), phase) == "compiling"

    def test_a_variant_may_have_ended_before(self):
        end = VariantEnded(seconds=0.0, variant="manual", status=Status.FAILED, steps=0)
        assert self.waiting(started("manual", schema=2), end) == "failed without a probe"

    def test_a_variant_may_have_no_such_thing(self, history):
        reader = read(history, "plain", quantity="gamma_mean")
        assert reader.waiting == "plain has no γ mean"
        assert not reader.has_values
        ascii_only = LayerPlotter(reader, replace(PALETTE, glyphs=ASCII))
        assert ascii_only.heat().waiting == "plain has no gamma mean"

    def test_the_profile_waits_for_the_same_until_it_ends(self):
        start = started("manual", schema=2), trained("manual", 0)
        end = VariantEnded(seconds=0.0, variant="manual", status=Status.STOPPED, steps=1)
        before, after = (
            LayerPlotter(read(tell(*events), "manual"), PALETTE)
            for events in (start, [*start, end])
        )
        assert before.profile().waiting == before.heat().waiting
        assert after.profile().waiting == "stopped without a probe"
        assert before.profile_version != after.profile_version


class TestScales:
    @pytest.mark.parametrize(
        ("field", "values", "span"),
        [
            ("dead_share", (0.25, 0.5), (0.0, 0.5)),
            ("input_mean", (0.25, 0.5), (0.25, 0.5)),
            ("gradient_norm", (0.0, 1e-9, 2.0), (1e-9, 2.0)),
            ("gradient_norm", (0.0,), (0.1, 1.0)),
            ("gradient_norm", (), (0.1, 1.0)),
            ("dead_share", (), (0.0, 1.0)),
        ],
    )
    def test_it_spans_what_can_be_drawn(self, field, values, span):
        extent = Extent()
        extent.take_in(values)
        assert value_span(LAYER_QUANTITIES[field], [extent, Extent()]) == span

    @pytest.mark.parametrize(
        ("field", "span", "places"),
        [
            ("dead_share", (0.0, 0.5), {0.0: 0, 0.25: 0.5, 0.5: 1}),
            ("gradient_norm", (1e-8, 1.0), {1e-8: 0, 1e-4: 0.5, 1.0: 1, 0.0: 0}),
            ("input_mean", (-1.0, 4.0), {0.0: 0.5, 4.0: 1, -4.0: 0, -1.0: 0.375}),
            ("moving_variance", (0.01, 10.0), {1.0: 0.5, 0.01: 0, 10.0: 0.75}),
            ("gamma_mean", (1.0, 1.0), {1.0: 0.5}),
        ],
    )
    def test_every_value_has_its_place(self, field, span, places):
        scale = color_scale(LAYER_QUANTITIES[field], span)
        assert {value: scale.place(value) for value in places} == pytest.approx(places)

    def test_colours_are_for_all_variants_or_for_one(self, history):
        assert plot(history).span[0] == plot(history, "plain").span[0] < 1e-6
        assert plot(history, own_scale=True).span[0] > 0.01


class TestDrawings:
    def test_the_map_has_every_probe_and_layer(self, history):
        heat = plot(history).heat()
        assert heat.starts == tuple(range(0, 800, 25))
        assert [len(values) for values in heat.values] == [LAYERS] * 32
        assert heat.end == 799
        assert not heat.sides
        assert plot(history, quantity="gamma_mean").heat().sides

    def test_the_profile_has_every_variant_by_its_layers(self, history):
        chart = plot(history, step=0).profile()
        assert [line.label for line in chart.lines] == list(NAMES)
        assert all(line.xs == tuple(range(1, LAYERS + 1)) for line in chart.lines)
        assert chart.lines[0].lows[-1] < 1e-6
        assert chart.lines[1].lows[-1] > 0.1
        assert chart.log_y
        assert chart.x_range == (1, LAYERS)

    def test_a_variant_without_the_quantity_is_not_in_the_profile(self, history):
        chart = plot(history, quantity="moving_mean").profile()
        assert [line.label for line in chart.lines] == ["layers", "manual"]

    def test_the_fan_is_of_one_layer(self, history):
        chart = plot(history, layer=4).fan(9)
        band, median, mean = chart.lines
        assert [line.stroke for line in chart.lines] == [Stroke.BAND, Stroke.LINE, Stroke.POINTS]
        first = probe_normalised("manual", 0)
        assert (band.lows[0], band.highs[0]) == (first.input_p15[4], first.input_p85[4])
        assert (median.lows[0], mean.lows[0]) == (first.input_p50[4], first.input_mean[4])
        assert chart.y_range == (min(band.lows), max(band.highs))
        assert chart.least_gutter == 9

    def test_what_is_not_finite_is_drawn_as_nothing(self):
        odd = {"input_p15": (nan,), "input_p85": (inf,), "input_p50": (0.5,), "input_mean": (nan,)}
        history = tell(
            started("manual", schema=2),
            probe("manual", 0, **odd),
            probe("manual", 1, **dict.fromkeys(odd, (0.25,))),
        )
        assert plot(history).fan(0).y_range == (0.25, 0.5)
        assert plot(history, quantity="input_mean").profile().y_range == (0.25, 0.25)

    def test_nothing_is_drawn_anew_without_a_new_probe(self, recorded):
        events = [event for event in look_inside(recorded) if event.seconds <= 40]
        history = tell(*events)
        plotter = plot(history)

        def versions():
            return plotter.map_version(9), plotter.profile_version, plotter.fan_version(9)

        before = versions()
        history.add(trained("manual", 560))
        assert versions() == before
        history.add(probe_normalised("manual", 575))
        assert all(one != other for one, other in zip(versions(), before, strict=True))

    def test_the_cursor_is_no_part_of_a_version(self, history):
        one, other = plot(history, layer=3, step=50), plot(history, layer=7, step=50)
        assert one.map_version(10) == other.map_version(10)
        assert one.profile_version == other.profile_version


class TestWords:
    def said(self, history, variant="manual", palette=PALETTE, **view):
        return read_cursor(read(history, variant, **view), palette).plain

    def test_the_value_under_the_cursor_is_read(self, history):
        text = self.said(history, "plain", layer=4, step=100)
        assert text.startswith("plain, layer 5 of 20 (conv 5), batch 100: image σ .0063 (.0061 at")
        assert text.endswith(MEANING)

    def test_a_unit_and_which_way_is_better_are_said(self, history):
        text = self.said(history, layer=19, quantity="mean_distance")
        assert "layer 20 of 20 (dense)" in text
        assert " batch σ (" in text
        assert text.endswith("; less is better.")

    def test_the_first_probe_is_not_compared_with_itself(self, history):
        assert "(" not in self.said(history, step=0).split("batch 0:")[1]

    def test_averaged_probes_are_named(self):
        events = (probe_normalised("manual", step) for step in range(CAPACITY + 1))
        history = tell(started("manual", schema=2), *events)
        text = self.said(history, step=100)
        assert "mean of 2 probes at batches 100 to 101" in text

    def test_without_a_value_the_quantity_is_explained(self):
        text = self.said(tell(started("manual", schema=2)))
        assert text == MEANING

    def test_ascii_is_ascii(self, history):
        palette = replace(PALETTE, glyphs=ASCII)
        for field in LAYER_QUANTITIES:
            reader = read(history, quantity=field)
            assert read_cursor(reader, palette).plain.isascii()
            for statements in state_view(reader, palette, wide=True).values():
                assert all(word.isascii() for each in statements for word in each.words)

    def test_the_view_is_stated_beside_its_keys(self, history):
        stated = state_view(read(history, step=100, layer=6), PALETTE, wide=False)
        words = {name: " ".join(each.words) for name, (each, *_) in stated.items()}
        assert words == {"map": "tab ▲ manual", "layer": "↑↓ layer conv 7", "step": "←→ step 100"}
        latest = state_view(read(history, own_scale=True), PALETTE, wide=True)
        assert latest["step"][0].value == "775, the latest"
        assert latest["map"][-1].words == ["c", "colours span", "manual"]
