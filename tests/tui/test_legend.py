"""The overlay's legend and captions where weights are judged in several ways, or variants many."""

import asyncio
from dataclasses import replace

import pytest

from bn_tui.events import RunStarted, StatisticsCompared, VariantEvent
from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.widgets.legend import Legend
from bn_tui.tui.words import short

SIZES = [(80, 24), (120, 40), (200, 50)]
LAGGING = 28


@pytest.fixture
def watch(make_app, take_all):
    """Events, size, keys → the lines of the overlay after them, and what `act` returns."""

    def run(events, size, *keys, act=None):
        async def drive():
            app = make_app(events)
            async with app.run_test(size=size) as pilot:
                await take_all(pilot)
                await pilot.press("2", *keys)
                await pilot.pause()
                result = None if act is None else await act(pilot)
                strips = app.screen._compositor.render_strips()
                lines = ["".join(segment.text for segment in strip) for strip in strips]
                return lines, result

        return asyncio.run(drive())

    return run


def row_of(lines, variant):
    """The words of a variant's row, its name first."""
    rows = (line.lstrip(" ▸")[1:].split() for line in lines)
    return next(row for row in rows if row[:1] == [variant])


def judged_by(events, variant, step):
    """The accuracies of the last comparison up to a step."""
    last = next(
        event
        for event in reversed(events)
        if isinstance(event, StatisticsCompared) and event.variant == variant and event.step <= step
    )
    return [last.moving_accuracy, last.batch_accuracy, last.precise_accuracy]


@pytest.mark.parametrize("size", [(60, 18), *SIZES])
def test_the_last_judgements_are_in_the_legend(watch, probed, size):
    lines, _ = watch(probed, size)
    for name in ("layers", "manual"):
        assert row_of(lines, name)[-3:] == list(map(short, judged_by(probed, name, 799)))
    assert row_of(lines, "plain")[-3:] == ["-"] * 3
    heads = next(line for line in lines if "precise" in line and "+" not in line)
    assert heads.split()[-3:] == ["moving", "batch", "precise"]


@pytest.mark.parametrize("size", SIZES)
def test_the_cursor_reads_every_judgement_at_its_step(watch, probed, size):
    lines, _ = watch(probed, size, "end", *["shift+left"] * 10)
    (place,) = (line.split("at step ")[1].split()[0] for line in lines if "at step" in line)
    for name in ("layers", "manual"):
        row = row_of(lines, name)
        assert row[-3:] == list(map(short, judged_by(probed, name, int(place))))
        assert sum(word[0] in "+−" for word in row) == 4  # the differences still have room


@pytest.mark.parametrize("size", SIZES)
def test_a_caption_says_what_each_stroke_is(watch, probed_until, size):
    lines, _ = watch(probed_until(LAGGING), size)
    caption = next(line for line in lines if "accuracy" in line)
    accuracy = caption[caption.index("accuracy") :]
    for cue in ("── moving", "╌╌ batch", "+ precise"):
        assert cue in accuracy
    assert "● validation" in caption


def test_the_gap_is_that_of_the_selected_variant_or_the_first_that_has_one(watch, probed_until):
    events = probed_until(LAGGING)
    for keys, name in (((), "layers"), (("down",), "layers"), (("down", "down"), "manual")):
        assert f" gap of {name} " in "\n".join(watch(events, (120, 40), *keys)[0])
    lines, _ = watch(events, (120, 40), "down", "h")
    assert " gap of manual " in "\n".join(lines)


def test_a_run_without_judgements_has_no_word_of_them(watch, recorded):
    text = "\n".join(watch(recorded, (120, 40), "end")[0])
    for word in ("moving", "batch ", "precise", "gap"):
        assert word not in text


@pytest.fixture
def fifteen(probed_until):
    """The probed run, as if its variants had trained at several batch sizes."""
    started, *rest = probed_until(LAGGING)
    bases = {"plain": "layer", "layers": "group", "manual": "manual"}
    names = [f"{base}:{size}" for size in (2, 4, 8, 16, 32) for base in bases.values()]
    assert isinstance(started, RunStarted)
    events = [replace(started, config=started.config | {"variants": names})]
    for event in rest:
        if isinstance(event, VariantEvent):
            base = bases[event.variant]
            events += [replace(event, variant=name) for name in names if name.startswith(base)]
        else:
            events.append(event)
    return events, names


def test_many_variants_leave_the_charts_their_half_and_the_selected_one_is_seen(watch, fifteen):
    events, names = fifteen

    async def follow(pilot):
        seen = []
        for _ in names:
            legend = pilot.app.screen.query_one(Legend)
            rows = legend.render().plain.splitlines()
            (selected,) = (row for row in rows if row.startswith("▸"))
            seen.append((selected.split()[1], rows[1].split()[0]))
            await pilot.press("down")
            await pilot.pause()
        return seen, [chart.size.height for chart in pilot.app.screen.query(ChartView)]

    _, (seen, heights) = watch(events, (80, 24), act=follow)
    assert [name for name, _ in seen] == names
    assert (seen[0][1], seen[-1][1]) == ("1–9/15", "7–15/15")
    assert min(heights) >= 8


def test_a_click_picks_the_variant_that_is_seen_there(watch, fifteen):
    events, names = fifteen

    async def click(pilot):
        legend = pilot.app.screen.query_one(Legend)
        await pilot.click(legend, offset=(5, 2))
        await pilot.pause()
        return pilot.app.screen.selected_variant

    _, picked = watch(events, (80, 24), "up", act=click)
    assert picked == names[6]
