"""The overlay, on a recorded run and on runs made up."""

import asyncio
from dataclasses import replace
from math import nan

import pytest
from textual.binding import Binding

from bn_tui.events import (
    RunStarted,
    StepTrained,
    ValidationEvaluated,
    VariantEvent,
)
from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.screens.overlay import OverlayScreen
from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.widgets.legend import Legend
from bn_tui.tui.widgets.pointed_chart import PointedChart
from bn_tui.tui.words import short, signed

SIZES = [(60, 18), (80, 24), (120, 40), (200, 50)]
WIDE = (120, 40)
VARIANTS = ("plain", "layers", "manual")
LAST = 799


@pytest.fixture
def five(recorded):
    """The recorded run, as if nn had trained as manual did and fused as layers did."""
    events = []
    twins = {"manual": "nn", "layers": "fused"}
    for event in recorded:
        if isinstance(event, RunStarted):
            variants = [*event.config["variants"], "nn", "fused"]
            events.append(replace(event, config=event.config | {"variants": variants}))
            continue
        events.append(event)
        if isinstance(event, VariantEvent) and event.variant in twins:
            events.append(replace(event, variant=twins[event.variant]))
    return events


@pytest.fixture
def watch(make_app, take_all):
    """Events, size and what to do with the overlay → what that returns."""

    def run(events, size, act, *keys, **facts):
        async def drive():
            app = make_app(events, **facts)
            async with app.run_test(size=size) as pilot:
                await take_all(pilot)
                await pilot.press("2", *keys)
                await pilot.pause()
                return await act(pilot)

        return asyncio.run(drive())

    return run


@pytest.fixture
def look(watch):
    """Events, size and keys → the lines of the overlay."""

    async def read(pilot):
        return lines_of(pilot)

    return lambda events, size, *keys, **facts: watch(events, size, read, *keys, **facts)


def lines_of(pilot):
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def rows_of(lines, variants=VARIANTS):
    """The words of each row of the legend, by variant, without what is selected."""
    rows = {}
    for line in lines[-1 - len(variants) : -1]:
        _marker, name, *words = line.lstrip("▸> ").split()
        rows[name] = words
    assert tuple(rows) == variants
    return rows


def figures_of(row):
    """The last of a row: what is neither the state nor the step."""
    return row[-4:]


def view_of(lines):
    """The lines that state the view, as one."""
    return " ".join(" ".join(lines[1:4]).split())


def find(events, kind, variant, step):
    return next(
        event
        for event in events
        if isinstance(event, kind) and event.variant == variant and event.step == step
    )


def column_of_cursor(lines, glyph=UNICODE.cursor):
    """Where the cursor stands in the left chart."""
    columns = {line.index(glyph) for line in lines[:-6] if glyph in line[: len(line) // 2]}
    assert len(columns) == 1
    return columns.pop()


def measured(events, variant, step):
    """What is read of a step: its training, and the validation every 100 steps."""
    training = find(events, StepTrained, variant, step)
    validation = find(events, ValidationEvaluated, variant, step // 100 * 100)
    return (training.loss, validation.loss, training.accuracy, validation.accuracy)


@pytest.mark.parametrize("size", SIZES)
def test_two_charts_and_the_last_of_every_variant_fit(look, recorded, size):
    lines = look(recorded, size)
    assert all(len(line) == size[0] for line in lines)
    assert lines[0].split()[0] == "Overlay"
    assert "4 Results" in lines[-1]
    captions = next(line for line in lines if "loss" in line and "accuracy" in line)
    assert captions.index("accuracy") > size[0] // 2 - 5
    for name, row in rows_of(lines).items():
        training = find(recorded, StepTrained, name, LAST)
        validation = find(recorded, ValidationEvaluated, name, LAST)
        expected = (training.loss, validation.loss, training.accuracy, validation.accuracy)
        assert figures_of(row) == [short(value) for value in expected]


@pytest.mark.parametrize("size", SIZES[:3])
def test_five_variants_fit_with_their_differences(look, five, size):
    variants = (*VARIANTS, "nn", "fused")
    rows = rows_of(look(five, size, "left"), variants)
    assert all(len(row) >= 8 for name, row in rows.items() if name != "plain")
    assert rows["nn"] == rows["manual"]


@pytest.mark.parametrize("count", [3, 5])
def test_at_the_usual_size_charts_have_axes_and_rows_enough(watch, recorded, five, count):
    async def measure(pilot):
        return [chart.size for chart in pilot.app.screen.query(ChartView)], lines_of(pilot)

    sizes, lines = watch(recorded if count == 3 else five, (80, 24), measure)
    assert all(size.height >= 9 for size in sizes)
    assert sum("└" in line for line in lines) == 1
    assert next(line for line in lines if "└" in line).count("└") == 2


@pytest.mark.parametrize(
    ("size", "stacked"),
    [
        ((80, 24), False),
        ((120, 40), False),
        ((200, 50), False),
        ((60, 18), False),
        ((60, 34), True),
        ((80, 50), True),
    ],
)
def test_charts_stand_side_by_side_where_that_is_wide_enough(watch, recorded, size, stacked):
    async def compare(pilot):
        loss, accuracy = pilot.app.screen.query(PointedChart)
        return loss.region, accuracy.region

    loss, accuracy = watch(recorded, size, compare)
    assert (accuracy.y > loss.y, accuracy.x > loss.x) == (stacked, not stacked)
    assert loss.width == accuracy.width
    assert abs(loss.height - accuracy.height) <= 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("seconds", "words"), [(0.01, "loading data"), (2, "loading TensorFlow")])
def test_no_chart_is_blank_while_it_waits(look, until, size, seconds, words):
    # Keys for a cursor do nothing yet.
    text = "\n".join(look(until(seconds), size, "left", "end", "pageup", "x", "plus"))
    assert text.count(words) >= 2
    assert "cursor off" in text


def test_the_cursor_reads_every_variant_at_its_step(look, recorded):
    lines = look(recorded, WIDE, "end", "left", "left")
    assert "cursor at step 797" in view_of(lines)
    assert "vs plain" in lines[-6]
    rows = rows_of(lines)
    plain = measured(recorded, "plain", 797)
    assert rows["plain"] == ["done", "797", *map(short, plain)]
    for name in ("layers", "manual"):
        here = measured(recorded, name, 797)
        pairs = [(short(a), signed(a - b)) for a, b in zip(here, plain, strict=True)]
        assert rows[name] == ["done", "797", *(word for pair in pairs for word in pair)]


def test_keys_move_the_cursor(watch, recorded):
    async def follow(pilot):
        places = []
        for keys in (
            ("left",),
            ("right",),
            ("left",),
            ("home",),
            ("left",),
            ("right",),
            ("shift+right",),
            ("pagedown",),
            ("shift+left",),
            ("pageup",),
            ("pageup",),
            ("end",),
            ("pagedown",),
            ("escape",),
            ("pageup",),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            words = view_of(lines_of(pilot)).split("cursor ")[1].split()
            places.append(words[0] if words[0] == "off" else int(words[2]))
        return places

    places = watch(recorded, WIDE, follow)
    assert places == [799, 799, 798, 0, 0, 1, 41, 81, 41, 1, 0, 799, 799, "off", 799]


def test_to_move_the_cursor_is_not_to_draw(watch, recorded):
    async def follow(pilot):
        lines_of(pilot)
        charts = list(pilot.app.screen.query(ChartView))
        before = [chart._drawn for chart in charts]
        await pilot.press("end", *["shift+left"] * 5)
        await pilot.pause()
        lines = lines_of(pilot)
        assert None not in before
        same = [chart._drawn is drawn for chart, drawn in zip(charts, before, strict=True)]
        return same, lines

    same, lines = watch(recorded, WIDE, follow)
    assert same == [True, True]
    assert any(line.count(UNICODE.cursor) == 2 for line in lines)


def test_nothing_is_drawn_anew_while_nothing_happens(watch, until):
    async def tick(pilot):
        lines_of(pilot)
        charts = list(pilot.app.screen.query(ChartView))
        before = [chart._strips for chart in charts]
        for _ in range(3):
            pilot.app._redrawing.draw()
            await pilot.pause()
            lines_of(pilot)
        assert None not in before
        return [chart._strips is strips for chart, strips in zip(charts, before, strict=True)]

    assert watch(until(40), WIDE, tick) == [True, True]


def test_where_a_variant_has_not_come_yet_nothing_is_read(look, until):
    events = until(40)
    rows = rows_of(look(events, WIDE, "end"))
    steps = {name: sum(_is_step(event, name) for event in events) for name in VARIANTS}
    assert max(steps.values()) == steps["plain"]
    assert rows["plain"][-5] == str(steps["plain"] - 1)
    for name in ("layers", "manual"):
        assert rows[name][-5:] == ["-"] * 5


def _is_step(event, variant):
    return isinstance(event, StepTrained) and event.variant == variant


def test_merged_steps_are_stopped_at_together(look, recorded):
    started = [event for event in recorded if isinstance(event, RunStarted)]
    config = started[0].config | {"variants": ["plain"], "batches": 5000}
    template = find(recorded, StepTrained, "plain", 0)
    steps = [replace(template, step=step, loss=0.5) for step in range(4097)]
    events = [replace(started[0], config=config), *steps]
    lines = look(events, WIDE, "home", "right", "right")
    assert "cursor at steps 8 to 11" in view_of(lines)
    assert rows_of(lines, ("plain",))["plain"][-5:-3] == ["11", ".5000"]


def test_the_axis_counts_steps_epochs_or_seconds_and_the_cursor_stays(watch, recorded):
    async def follow(pilot):
        stated = []
        await pilot.press("end", "shift+left")
        for _ in range(4):
            await pilot.pause()
            stated.append((view_of(lines_of(pilot)), rows_of(lines_of(pilot))["plain"]))
            await pilot.press("x")
        return stated

    step, epoch, seconds, again = watch(recorded, WIDE, follow)
    assert "axis step " in step[0]
    assert "cursor at step 759" in step[0]
    assert "axis epoch " in epoch[0]
    assert f"cursor at epoch {759 * 64 / 55000:.3f}, step 759" in epoch[0]
    by_then = sum(e.step_seconds for e in recorded if _is_step(e, "plain") and e.step <= 759)
    assert "axis training seconds " in seconds[0]
    assert f"cursor at {by_then:.2f} s" in seconds[0]
    assert step[1] == epoch[1] == seconds[1] == again[1]
    assert again[0] == step[0]


def test_on_an_axis_of_seconds_each_variant_is_read_at_its_own_step(look, recorded):
    rows = rows_of(look(recorded, WIDE, "end", *["shift+left"] * 8, "x", "x"))
    by_then = sum(e.step_seconds for e in recorded if _is_step(e, "plain") and e.step <= 479)
    for name in ("layers", "manual"):
        seconds, step = 0.0, -1
        for event in recorded:
            if _is_step(event, name) and seconds < by_then:
                seconds += event.step_seconds
                step = event.step
        assert rows[name][1] == str(step)
        training = find(recorded, StepTrained, name, step)
        assert rows[name][2] == short(training.loss)


def test_the_loss_may_be_logarithmic_and_the_curves_smooth(watch, recorded):
    async def follow(pilot):
        stated = []
        for key in (
            "l",
            "plus",
            "equals_sign",
            "plus",
            "plus",
            "plus",
            "minus",
            *["minus"] * 5,
            "l",
        ):
            await pilot.press(key)
            await pilot.pause()
            stated.append(view_of(lines_of(pilot)))
        return stated

    stated = watch(recorded, WIDE, follow)
    assert ["loss log " in view for view in stated] == [True] * 12 + [False]
    assert ["loss, log" in view for view in stated] == [True] * 12 + [False]
    smoothing = [view.split("smoothing ")[1].split()[0] for view in stated]
    levels = (".6", ".9", ".97", ".99")
    up_and_down = ("off", *levels, ".99", *reversed(levels[:3]), "off")
    assert tuple(smoothing) == (*up_and_down, "off", "off", "off")
    keyed = ["smooth ● validation" in view for view in stated]
    assert keyed == [value != "off" for value in smoothing]


def test_hidden_variants_stay_in_the_legend(watch, recorded):
    async def follow(pilot):
        seen = []
        for keys in (("h",), ("down", "o"), ("o",), ("o", "h"), ("up", "h", "h")):
            await pilot.press(*keys)
            await pilot.pause()
            lines = lines_of(pilot)
            rows_of(lines)
            charts = "".join(lines[3:-7])
            drawn = [name for name, marker in zip(VARIANTS, "●◆▲", strict=True) if marker in charts]
            seen.append((view_of(lines).partition("hidden ")[2].split(" loss")[0], drawn))
        return seen, pilot.app.screen.selected_variant

    seen, selected = watch(recorded, WIDE, follow)
    assert seen == [
        ("plain", ["layers", "manual"]),
        ("plain, manual", ["layers"]),
        ("", [*VARIANTS]),
        ("plain, layers, manual", []),
        ("plain, layers, manual", []),
    ]
    assert selected == "plain"


def test_with_all_hidden_the_charts_say_so(look, recorded):
    text = "\n".join(look(recorded, WIDE, "o", "h"))
    assert text.count("every variant is hidden") == 2


def test_a_hidden_variant_is_dimmed(watch, recorded):
    async def read(pilot):
        legend = pilot.app.screen.query_one(Legend)
        return [
            any(segment.style.dim for segment in legend.render_line(row) if segment.text.strip())
            for row in (2, 3, 4)
        ]

    assert watch(recorded, WIDE, read, "down", "h") == [False, True, False]


def test_up_and_down_and_a_click_select_and_keys_of_the_app_act_on_that(watch, until):
    async def follow(pilot):
        screen, control = pilot.app.screen, pilot.app.recorded_run.control
        selected = [screen.selected_variant]
        for key in ("down", "down", "down", "up"):
            await pilot.press(key)
            selected.append(screen.selected_variant)
        await pilot.click(Legend, offset=(10, 3))
        await pilot.pause()
        selected.append(screen.selected_variant)
        await pilot.click(Legend, offset=(10, 1))
        await pilot.press("p")
        return selected, [name for name in VARIANTS if control.pauses(name)], lines_of(pilot)

    selected, paused, lines = watch(until(40), WIDE, follow)
    assert selected == ["plain", "layers", "manual", "plain", "manual", "layers"]
    assert paused == ["layers"]
    assert [line[:2].strip() for line in lines[-4:-1]] == ["", "▸", ""]


@pytest.mark.parametrize(
    ("size", "number"), [((60, 18), 1), ((80, 24), 0), (WIDE, 1), ((200, 50), 0)]
)
def test_a_click_puts_the_cursor_into_its_column(watch, recorded, size, number):
    async def point(pilot):
        chart = pilot.app.screen.query(PointedChart)[number]
        found = []
        for column in (chart.size.width // 3, chart.size.width - 1):
            await pilot.click(chart, offset=(column, 2))
            await pilot.pause()
            rows = [chart.render_line(y).text for y in range(chart.size.height)]
            places = {row.index(UNICODE.cursor) for row in rows if UNICODE.cursor in row}
            found.append((column, places))
        return found

    for column, places in watch(recorded, size, point):
        assert places == {column}


def test_the_cursor_follows_a_drag_beyond_the_chart(watch, recorded):
    async def drag(pilot):
        chart = pilot.app.screen.query(PointedChart)[0]
        stated = []
        await pilot.hover(chart, offset=(30, 4))
        stated.append(view_of(lines_of(pilot)))
        await pilot.mouse_down(chart, offset=(20, 4))
        for column in (30, 1):
            await pilot.hover(chart, offset=(column, 4))
            await pilot.pause()
            stated.append(view_of(lines_of(pilot)))
        await pilot.mouse_up(chart, offset=(1, 4))
        await pilot.hover(chart, offset=(40, 4))
        await pilot.pause()
        stated.append(view_of(lines_of(pilot)))
        return stated

    stated = [view.split("cursor ")[1].split(" loss")[0] for view in watch(recorded, WIDE, drag)]
    assert stated[0] == "off"
    assert stated[1].startswith("at step ")
    assert stated[1] != stated[2] == stated[3] == "at step 0"


def test_a_loss_that_is_no_number_is_read_as_such(look, until):
    events = until(40)
    last = [event for event in events if _is_step(event, "plain")][-1]
    broken = [*events, replace(last, step=last.step + 1, loss=nan)]
    assert rows_of(look(broken, WIDE))["plain"][-4] == "nan"
    rows = rows_of(look(broken, WIDE, "end"))
    assert rows["plain"][-5:-3] == [str(last.step + 1), "nan"]


def test_another_run_is_seen_whole(watch, recorded):
    async def restart(pilot):
        await pilot.press("end", "h", "l", "down")
        app = pilot.app
        app.recorded_run.ended = True
        app._switch.start(replace(app.config, variants=("manual",)))
        await pilot.pause()
        return view_of(lines_of(pilot)), app.screen.selected_variant

    view, selected = watch(recorded, WIDE, restart)
    assert "cursor off" in view
    assert "hidden" not in view
    assert "loss log" in view
    assert selected == "manual"


def test_in_ascii_there_is_nothing_else(look, recorded):
    lines = look(recorded, WIDE, "end", "pageup", "plus", "l", ascii_only=True)
    assert "".join(lines).isascii()
    assert column_of_cursor(lines, ASCII.cursor) > 0
    assert lines[-4].startswith(" >o plain")


def test_every_key_says_what_it_does():
    assert all(isinstance(binding, Binding) for binding in OverlayScreen.BINDINGS)
    assert all(binding.description for binding in OverlayScreen.BINDINGS)
