"""The Layers screen: every key of it, the mouse, and what it says where there is nothing yet."""

import asyncio
from dataclasses import replace

import pytest
from probed_runs import LAYERS, probed_run
from textual.widgets import OptionList

from bn_tui.events import LayersProbed, RunStarted
from bn_tui.insight.quantities import LAYER_QUANTITIES
from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.layer_view import LayerView
from bn_tui.tui.screens.layers import LayersScreen
from bn_tui.tui.screens.quantities import QuantitiesScreen
from bn_tui.tui.widgets.color_legend import ColorLegend
from bn_tui.tui.widgets.fan_chart import FanChart
from bn_tui.tui.widgets.heat_map import HeatMap
from bn_tui.tui.widgets.profile_chart import ProfileChart
from bn_tui.tui.widgets.variant_values import MOST_ROWS, VariantValues

SIZES = [(60, 18), (80, 24), (120, 40), (200, 50)]
LOW, HIGH = (80, 24), (120, 40)
VARIANTS = ("plain", "layers", "manual")
NAMES = [quantity.name for quantity in LAYER_QUANTITIES.values()]


@pytest.fixture(scope="module")
def made_up():
    """A run with nothing but its probes, every 25 of 800 steps."""
    return tuple(probed_run(*VARIANTS))


@pytest.fixture(scope="module")
def begun():
    """The same after a third of the steps."""
    return tuple(probed_run(*VARIANTS, until=250))


@pytest.fixture
def watch(make_app, take_all):
    """Events, size, what to do with the Layers screen and keys before → what that returns."""

    def run(events, size, act, *keys, **facts):
        async def drive():
            app = make_app(events, **facts)
            async with app.run_test(size=size) as pilot:
                await pilot.press("6")  # from the start, which spares drawing the race
                await take_all(pilot)
                await pilot.press(*keys)
                await pilot.pause()
                return await act(pilot)

        return asyncio.run(drive())

    return run


@pytest.fixture
def look(watch):
    """Events, size and keys → the lines of the screen."""

    async def read(pilot):
        return lines_of(pilot)

    return lambda events, size, *keys, **facts: watch(events, size, read, *keys, **facts)


def lines_of(pilot):
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def view_of(pilot):
    """The quantity, the variant, the layer from 1 and the step that are looked at."""
    screen = pilot.app.screen
    assert isinstance(screen, LayersScreen)
    view = screen._view
    return view.quantity.name, screen.selected_variant, view.layer + 1, view.step


#: Keys from the beginning → quantity, variant, layer from 1, and step.
CASES = {
    ("left",): (NAMES[0], "plain", 1, 750),
    ("right",): (NAMES[0], "plain", 1, 775),
    ("left", "left", "right"): (NAMES[0], "plain", 1, 750),
    ("shift+left",): (NAMES[0], "plain", 1, 650),
    ("pageup", "pagedown"): (NAMES[0], "plain", 1, 775),
    ("pageup", "left", "shift+right"): (NAMES[0], "plain", 1, 750),
    ("home",): (NAMES[0], "plain", 1, 0),
    ("home", "left"): (NAMES[0], "plain", 1, 0),
    ("home", "end"): (NAMES[0], "plain", 1, 775),
    ("home", "escape"): (NAMES[0], "plain", 1, None),
    ("down",): (NAMES[0], "plain", 2, None),
    ("up",): (NAMES[0], "plain", 1, None),
    ("down", "down", "up"): (NAMES[0], "plain", 2, None),
    ("tab",): (NAMES[0], "layers", 1, None),
    ("shift+tab",): (NAMES[0], "manual", 1, None),
    ("tab", "tab", "tab"): (NAMES[0], "plain", 1, None),
    ("plus",): (NAMES[1], "plain", 1, None),
    ("equals_sign",): (NAMES[1], "plain", 1, None),
    ("minus",): (NAMES[-1], "plain", 1, None),
    ("plus", "minus"): (NAMES[0], "plain", 1, None),
    ("m", "down", "down", "enter"): (NAMES[2], "plain", 1, None),
    ("m", "end", "enter"): (NAMES[-1], "plain", 1, None),
    ("m", "down", "escape"): (NAMES[0], "plain", 1, None),
    ("m", "down", "m"): (NAMES[0], "plain", 1, None),
    ("m", "down", "q"): (NAMES[0], "plain", 1, None),
    ("left", "tab", "down", "plus"): (NAMES[1], "layers", 2, 750),
}


def begin_again(pilot):
    screen = pilot.app.screen
    screen._selected = 0
    screen._look(LayerView())


def test_every_key_leads_where_it_should(watch, made_up):
    async def act(pilot):
        for keys, found in CASES.items():
            begin_again(pilot)
            await pilot.press(*keys)
            assert view_of(pilot) == found, keys

    watch(made_up, LOW, act)


def test_the_cursor_stays_within_the_layers(watch, made_up):
    async def act(pilot):
        screen = pilot.app.screen
        screen.action_move_layer(100)
        assert view_of(pilot)[2] == LAYERS
        await pilot.press("down", "up")
        assert view_of(pilot)[2] == LAYERS - 1

    watch(made_up, LOW, act)


class TestList:
    def test_a_quantity_is_picked_by_mouse(self, watch, made_up):
        async def act(pilot):
            await pilot.click("#map", offset=(16, 0))
            assert isinstance(pilot.app.screen, QuantitiesScreen)
            await pilot.click(OptionList, offset=(5, 6))
            await pilot.pause()
            return view_of(pilot)

        assert watch(made_up, LOW, act)[0] == NAMES[6]

    def test_it_begins_at_what_is_shown_and_lists_all(self, watch, made_up):
        async def act(pilot):
            assert pilot.app.screen.query_one(OptionList).highlighted == 2
            return "\n".join(lines_of(pilot))

        text = watch(made_up, LOW, act, "plus", "plus", "m")
        assert all(quantity.meaning in text for quantity in LAYER_QUANTITIES.values())


async def _drag(pilot, widget, start, end):
    await pilot.mouse_down(widget, offset=start)
    await pilot.hover(widget, offset=end)
    await pilot.mouse_up(widget, offset=end)
    await pilot.hover(widget, offset=start)  # not any more


def test_the_mouse_does_what_the_keys_do(watch, made_up):
    async def act(pilot):
        screen = pilot.app.screen
        heat_map, profile = screen.query_one(HeatMap), screen.query_one(ProfileChart)
        await pilot.click(heat_map, offset=(9, 7))
        assert view_of(pilot) == (NAMES[0], "plain", 8, 0)
        await _drag(pilot, heat_map, (20, 3), (heat_map.size.width - 1, 19))
        assert view_of(pilot) == (NAMES[0], "plain", 20, 775)
        await pilot.click(profile, offset=(profile.size.width // 2, 3))
        assert 5 < view_of(pilot)[2] < 15
        await pilot.click(FanChart, offset=(9, 2))
        assert view_of(pilot)[3] == 0
        await pilot.click(VariantValues, offset=(5, 2))
        assert view_of(pilot)[1] == "manual"
        await pilot.click("#map", offset=(2, 0))
        assert view_of(pilot)[1] == "plain"

    watch(made_up, HIGH, act)


class TestRoom:
    def test_the_fan_is_there_where_there_is_room_or_f_asks_for_it(self, watch, made_up):
        async def act(pilot):
            fan = pilot.app.screen.query_one(FanChart)
            shown = [fan.display]
            for size in (HIGH, LOW):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                shown.append(fan.display)
            for _ in range(2):
                await pilot.press("f")
                shown.append(fan.display)
            await pilot.resize_terminal(*HIGH)
            await pilot.pause()
            return [*shown, fan.display]

        assert watch(made_up, LOW, act) == [False, True, False, True, False, False]

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
    def test_every_layer_is_in_sight(self, look, made_up, size):
        lines = look(made_up, size)
        wide, top = size[0] >= 110, 2 + (size[1] >= 34)
        names = [f"conv {n}" if wide else str(n) for n in range(1, LAYERS)]
        expected = [*names, "dense" if wide else str(LAYERS)]
        assert [
            line[:10].replace("▸", "").strip() for line in lines[top : top + LAYERS]
        ] == expected

    def test_in_the_least_size_the_layer_of_the_cursor_is(self, watch, made_up):
        async def act(pilot):
            for layer in (0, 9, 19):
                pilot.app.screen.action_move_layer(layer)
                await pilot.pause()
                shown = view_of(pilot)[2]
                assert any(line[:5].split() == ["▸", str(shown)] for line in lines_of(pilot))

        watch(made_up, (60, 18), act)

    @pytest.mark.parametrize("size", SIZES)
    def test_the_steps_of_the_fan_stand_below_those_of_the_map(self, look, made_up, size):
        lines = look(made_up, size, *(["f"] if size[1] < 34 else []))
        axes = [line for line in lines if line.replace("step", "").split()[:1] == ["0"]]
        assert len(axes) == 2
        assert len({line.index(" 0 ") for line in axes}) == 1


class TestColours:
    @pytest.mark.parametrize("palette", ["colours", "no colours", "ascii"])
    def test_there_are_colours_or_characters(self, watch, made_up, monkeypatch, palette):
        if palette == "no colours":
            monkeypatch.setenv("NO_COLOR", "1")

        async def act(pilot):
            heat_map = pilot.app.screen.query_one(HeatMap)
            strip = heat_map.render_line(10)
            return {character for segment in strip for character in segment.text[:40]}, {
                segment.style.bgcolor.name for segment in strip
            }

        seen, grounds = watch(made_up, LOW, act, ascii_only=palette == "ascii")
        densities = {"colours": "", "no colours": UNICODE.densities, "ascii": ASCII.densities}
        assert bool(seen & set(densities[palette])) is (palette != "colours")
        assert (len(grounds) > 2) is (palette == "colours")

    def test_the_legend_tells_which_colour_is_which(self, watch, made_up):
        async def act(pilot):
            legend = pilot.app.screen.query_one(ColorLegend)
            shared = legend.render().plain.split()
            await pilot.press("c")
            return shared, legend.render().plain.split()

        shared, own = watch(made_up, HIGH, act, "tab")
        assert (shared[0], shared[-1]) == ("6.6e-9", ".88")
        assert (own[0], own[-1]) == (".16", ".88")

    def test_a_centre_has_a_label(self, watch, made_up):
        async def act(pilot):
            return pilot.app.screen.query_one(ColorLegend).render().plain.split()

        assert watch(made_up, HIGH, act, "tab", "minus", "minus") == ["-.2", "0", ".099"]


class TestNothing:
    def text(self, look, events, *keys, **facts):
        return " ".join(" ".join(look(events, LOW, *keys, **facts)).split())

    def test_probes_that_are_off_say_how(self, look, made_up):
        started, *events = made_up
        off = replace(started, config=started.config | {"probe_every": 0})
        rest = [event for event in events if not isinstance(event, LayersProbed)]
        assert "probes are off: --probe-every 0" in self.text(look, [off, *rest])
        rows = look([off, *rest], LOW)
        assert sum("--probe-every 0" in row for row in rows) == 2  # the map's and the profile's

    def test_before_the_first_it_says_what_goes_on(self, look, made_up):
        assert "waiting" in self.text(look, made_up[:1])

    def test_what_a_variant_has_not_is_said(self, look, made_up):
        assert "plain has no β spread" in self.text(look, made_up, "minus")

    def test_an_older_run_says_why_and_no_key_breaks(self, watch, until):
        async def act(pilot):
            assert "recorded by an older bn-tui" in " ".join(lines_of(pilot))
            for key in ("left", "right", "home", "end", "up", "down", "c", "f", "tab", "plus"):
                await pilot.press(key)
                await pilot.press("escape")
                assert view_of(pilot)[2:] == (1, None)
            await pilot.click(HeatMap, offset=(20, 5))
            return view_of(pilot)

        assert watch(until(40), LOW, act)[2:] == (1, None)


def test_the_selected_variant_is_the_one_that_pausing_acts_on(watch, begun):
    async def act(pilot):
        await pilot.press("p")
        return [name for name in VARIANTS if pilot.app.recorded_run.control.pauses(name)]

    assert watch(begun, LOW, act, "tab") == ["layers"]


def test_many_variants_are_shown_around_the_selected_one(watch, made_up):
    others = ("nn", "fused", "group", "layer", "renorm")
    events = [
        replace(event, config=event.config | {"variants": [*VARIANTS, *others]})
        if isinstance(event, RunStarted)
        else event
        for event in made_up
    ]

    async def act(pilot):
        values = pilot.app.screen.query_one(VariantValues)
        first = values.render().plain.split("\n")
        await pilot.press("shift+tab")
        await pilot.click(values, offset=(5, MOST_ROWS - 2))
        return first, view_of(pilot)[1]

    (*rows, places), clicked = watch(events, LOW, act)
    assert places.strip() == "1–6/8"
    assert [row.split()[-2] for row in rows] == [*VARIANTS, "nn", "fused", "group"]
    assert clicked == "layer"


def test_it_is_drawn_anew_only_where_something_is_new(watch, begun):
    async def act(pilot):
        heat_map = pilot.app.screen.query_one(HeatMap)
        chart = pilot.app.screen.query_one(ProfileChart)
        await pilot.pause()
        drawn = heat_map._strips, chart._strips
        pilot.app._redrawing.draw()
        await pilot.pause()
        assert drawn[0] is heat_map._strips
        assert drawn[1] is chart._strips

    watch(begun, HIGH, act)


def test_ascii_is_ascii(watch, made_up):
    async def act(pilot):
        for keys in ((), ("f",), ("tab", "minus", "c"), ("m",)):
            await pilot.press(*keys)
            await pilot.pause()
            text = "\n".join(lines_of(pilot))
            assert text.isascii(), {character for character in text if not character.isascii()}

    watch(made_up, HIGH, act, ascii_only=True)
