"""The results, on a recorded run."""

import asyncio
from dataclasses import replace

import pytest
from rich.color import Color
from textual.screen import ModalScreen

from bn_tui.events import (
    BatchEvaluated,
    Phase,
    PhaseEntered,
    SamplesChosen,
    StatisticsCompared,
    Status,
    VariantEnded,
)
from bn_tui.insight.history import RunHistory
from bn_tui.tui.digits import Image, draw_image, size_image
from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.palette import Palette
from bn_tui.tui.scoreboard import score_variant
from bn_tui.tui.screens import results
from bn_tui.tui.screens.results import ResultsScreen
from bn_tui.tui.screens.variant_details import VariantDetails
from bn_tui.tui.verdicts import find_wrong, tell_answers
from bn_tui.tui.widgets.image_view import ImageView
from bn_tui.tui.widgets.judgements_table import JudgementsTable
from bn_tui.tui.widgets.results_table import ResultsTable
from bn_tui.tui.widgets.verdict_grid import VerdictGrid
from bn_tui.variants import Statistics

SIZES = [(80, 24), (120, 40), (200, 50)]
NAMES = ("plain", "layers", "manual")
FIVE = [*NAMES, "nn", "fused"]
DARK = Palette(UNICODE, dark=True, ink="#e0e0e0", faint="#808080", alarm="#ff6b6b")
LIGHT = replace(DARK, dark=False)
PLAIN = replace(DARK, glyphs=ASCII)


@pytest.fixture
def on_results(make_app, take_all):
    """Events, size and what to do with the pilot on the results of them → what that gives.

    The results are looked at from the start, which spares drawing the race.
    """

    def run(events, act, size=(120, 40), **facts):
        async def watch():
            app = make_app(events, **facts)
            async with app.run_test(size=size) as pilot:
                await pilot.press("4")
                await take_all(pilot)
                return await act(pilot)

        return asyncio.run(watch())

    return run


def keys(*names):
    async def press(pilot):
        await pilot.press(*names)

    return press


def among(variants, events):
    """The events of a run that was asked for these variants."""
    started, *rest = events
    return [replace(started, config=started.config | {"variants": variants}), *rest]


def end(variant, status, **facts):
    return VariantEnded(seconds=41.0, variant=variant, status=status, steps=476, **facts)


def ended(events):
    return [event for event in events if isinstance(event, VariantEnded)]


class TestScores:
    def test_what_is_not_there_yet_is_a_dash(self):
        score = score_variant("plain", RunHistory())
        assert score.state == "waiting"
        figures = score.validation, score.test, score.samples, score.milliseconds, score.seconds
        assert {*figures, *score.milestones} == {"-"}
        assert score.test_interval == score.samples_interval == ""

    def test_a_finished_run_has_every_figure(self, recorded):
        history = RunHistory()
        for event in recorded:
            history.add(event)
        layers = score_variant("layers", history)
        assert (layers.state, layers.validation, layers.test) == ("done", ".9582", ".9625")
        assert (layers.test_interval, layers.samples, layers.samples_interval) == (
            ".9586–.9660",
            "99/100",
            ".95–1.00",
        )
        assert layers.milestones == ("500", "600")
        assert (layers.milliseconds, layers.seconds) == ("45.2", "38.1")
        assert score_variant("plain", history).milestones == ("-", "-")

    @pytest.mark.parametrize("status", list(Status))
    def test_only_a_bad_end_is_alarming(self, until, status):
        history = RunHistory()
        for event in [*until(1), end("plain", status, reason="it is so")]:
            history.add(event)
        alarming = status in (Status.DIVERGED, Status.FAILED)
        assert score_variant("plain", history).alarming is alarming


class TestVerdicts:
    def test_the_next_wrong_one_is_found_around_the_end(self):
        verdicts = [True, False, True, False]
        assert [find_wrong(verdicts, start, 1) for start in range(4)] == [1, 3, 3, 1]
        assert [find_wrong(verdicts, start, -1) for start in range(4)] == [3, 3, 1, 1]

    def test_of_right_ones_and_of_none_there_is_no_wrong_one(self):
        assert find_wrong([True] * 3, 1, 1) is None
        assert find_wrong([], 0, -1) is None

    def test_answers_are_told_with_a_mark_for_the_wrong_ones(self):
        answers = {"plain": 0, "layers": 8}
        told = tell_answers(8, answers, DARK, digits=True)
        assert told.plain == "it is an 8; plain says 0✗, layers 8"
        assert tell_answers(5, {}, DARK, digits=True).plain == "it is a 5"
        told = tell_answers(3, answers, PLAIN, digits=False)
        assert told.plain == "it is of class 3; plain says 0x, layers 8x"


class TestImages:
    def test_an_image_is_a_square(self):
        with pytest.raises(ValueError, match="3 pixels are no square of side 2"):
            Image(bytes(3), 2)

    @pytest.mark.parametrize(("side", "scale", "size"), [(28, 1, (28, 14)), (28, 2, (56, 28))])
    def test_two_pixels_share_a_cell(self, side, scale, size):
        image = Image(bytes(range(256)) * 3 + bytes(side**2 - 768), side)
        assert size_image(image, scale) == size
        for palette in (DARK, PLAIN):
            lines = draw_image(image, palette, scale).plain.split("\n")
            assert {len(line) for line in lines} == {size[0]}
            assert len(lines) == size[1]

    @pytest.mark.parametrize(("palette", "brighter"), [(DARK, True), (LIGHT, False)])
    def test_ink_stands_out_from_paper(self, palette, brighter):
        text = draw_image(Image(bytes([255, 0, 0, 255]), 2), palette)
        assert text.plain == "▀▀"
        (left, right) = (span.style for span in text.spans)
        ink, paper = grey(left.color), grey(left.bgcolor)
        assert (grey(right.color), grey(right.bgcolor)) == (paper, ink)
        assert abs(ink - paper) > 200
        assert (ink > paper) is brighter

    def test_in_ascii_a_cell_is_as_full_as_its_two_pixels(self):
        columns = ((0, 0), (0, 255), (255, 255))
        pixels = bytes([pair[row] if row < 2 else 0 for row in range(3) for pair in columns])
        assert draw_image(Image(pixels, 3), PLAIN).plain == " =@\n   "

    def test_without_colours_a_pixel_is_drawn_or_not(self):
        columns = ((0, 99), (0, 199), (199, 0), (199, 255))
        pixels = bytes([pair[row] if row < 2 else 0 for row in range(4) for pair in columns])
        drawing = draw_image(Image(pixels, 4), replace(DARK, colorless=True))
        assert drawing.plain == " ▄▀█\n    "
        assert drawing.spans == []


def grey(color):
    assert isinstance(color, Color)
    red, green, blue = color.get_truecolor()
    assert red == green == blue
    return red


@pytest.mark.parametrize("size", SIZES)
def test_the_table_and_the_sentences_come_first_with_nothing_cut(on_screen, recorded, size):
    lines = on_screen(recorded, size)
    text = "\n".join(lines)
    assert all(len(line) == size[0] for line in lines)
    for name, *figures in (
        ("plain", ".0924", ".0974", "2/100", ".01–.07", "39.2", "32.6"),
        ("layers", ".9582", ".9625", "99/100", ".95–1.00", "500", "600", "45.2", "38.1"),
        ("manual", ".9624", ".9634", "98/100", ".93–.99", "600", "600", "41.5", "35.2"),
    ):
        row = next(line for line in lines if f"{DARK.look(name).marker} {name} " in line)
        assert all(figure in row for figure in figures)
    assert "a wiring check, not a ranking; tab shows them." in text
    assert "plain answers one digit for everything since batch 100: in the end digit 8" in text
    assert size != SIZES[1] or "▀" in text  # elsewhere below the edge, or whole cells


@pytest.mark.parametrize("size", SIZES[1:])
def test_with_room_nothing_is_below_the_edge(on_screen, recorded, size):
    text = "\n".join(on_screen(recorded, size))
    for words in (".9586–.9660", "2/100", "99/100", "98/100", "image 1 of 100"):
        assert words in text
    assert "it is a 7; plain says 8✗, layers 7, manual 7" in text


def test_with_little_room_the_focus_scrolls_to_grid_and_image(on_screen, recorded):
    lines = on_screen(recorded, (80, 24), keys("tab", "tab", "tab"))
    text = "\n".join(lines)
    for words in ("▲ manual", "98/100", "image 1 of 100", "it is a 7; plain says", "w next"):
        assert words in text


def test_a_long_name_takes_its_room_from_a_short_one(on_screen, recorded):
    """Two grids and the image stand side by side in 80 columns, whoever they are of."""
    events = [
        replace(event, variant="batch-at-inference")
        if getattr(event, "variant", None) == "plain"
        else event
        for event in among(["batch-at-inference", "manual"], recorded)
    ]
    text = "\n".join(on_screen(events, (80, 24), keys("tab")))
    for words in ("batch-at-inference ─", "manual ─", " 2/100 ─╯", " 98/100 ─╯"):
        assert words in text


def test_before_there_is_anything_to_say_that_is_said(on_screen, until):
    """Validations of chance level alone are nothing to say yet."""
    text = "\n".join(on_screen(until(8), (80, 24), keys("4")))
    assert "No findings so far; they come with validations and tests." in text


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30)])
def test_more_variants_scroll_sideways_with_the_focus(on_screen, recorded, size):
    events = among(FIVE, recorded)
    assert "▼ fused ─" not in "\n".join(on_screen(events, size, keys("4")))
    assert "▼ fused ─" in "\n".join(on_screen(events, size, keys("4", *["tab"] * 5)))


def test_three_grids_and_the_image_stand_side_by_side_in_80_columns(on_screen, recorded):
    lines = on_screen(recorded, (80, 24), keys("4", "tab"))
    (heads,) = [line for line in lines if "● plain ─" in line]
    assert heads.count("╮") == 4
    assert "▲ manual ─" in heads


def test_ascii_is_ascii(on_screen, recorded):
    for size in (*SIZES, (60, 18)):
        for press in (keys("enter"), keys("tab", "w")):
            lines = on_screen(recorded, size, press, ascii_only=True)
            text = "\n".join(lines[1:])  # the line at the top is every screen's
            assert text.isascii(), {character for character in text if not character.isascii()}


def test_it_is_drawn_as_soon_as_it_is_switched_to(on_screen, until, monkeypatch):
    monkeypatch.setattr("bn_tui.tui.app._INTERVAL", 1000.0)
    lines = on_screen(until(40), (120, 40), keys("4"))
    assert any("layers" in line and ".8554" in line for line in lines)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (PhaseEntered(seconds=41.0, variant="layers", phase=Phase.TRAINING), "training; asked"),
        (PhaseEntered(seconds=41.0, variant="layers", phase=Phase.TESTING), "testing; asked right"),
        (end("layers", Status.STOPPED), "stopped before it"),
        (end("layers", Status.DIVERGED, reason="the loss is nan"), "diverged: the loss is nan"),
        (end("layers", Status.FAILED, reason="no memory"), "failed: no memory"),
    ],
)
def test_a_grid_without_verdicts_says_what_it_waits_for(on_screen, until, event, words):
    text = "\n".join(on_screen([*until(40), event], (200, 50), keys("4")))
    assert words in text


class TestSwitching:
    def test_the_results_come_up_when_the_last_variant_ends(self, make_app, take_all, recorded):
        async def watch(events):
            app = make_app(events)
            async with app.run_test() as pilot:
                await take_all(pilot)
                return app.current_mode

        *_, last = ended(recorded)
        before = recorded[: recorded.index(last)]
        assert asyncio.run(watch(before)) == "race"
        assert asyncio.run(watch([*before, last])) == "results"

    def test_nobody_is_pulled_back_until_another_run_has_ended(self, make_app, take_all, recorded):
        async def watch():
            app = make_app(recorded)
            modes = []
            async with app.run_test() as pilot:
                await take_all(pilot)
                await pilot.press("1")
                app.take_in()
                await pilot.pause()
                modes.append(app.current_mode)
                app.recorded_run.ended = True
                app.recorded_run._left = list(recorded)
                app._switch.start(app.config)
                await take_all(pilot)
                modes.append(app.current_mode)
            return modes

        assert asyncio.run(watch()) == ["race", "results"]

    def test_an_open_question_is_not_taken_away(self, make_app, take_all, recorded):
        async def watch():
            app = make_app(recorded[:1])
            async with app.run_test() as pilot:
                await take_all(pilot)
                await app.push_screen(ModalScreen())
                app.recorded_run._left = list(recorded[1:])
                await take_all(pilot)
                asked = app.current_mode
                app.pop_screen()
                app.take_in()
                await pilot.pause()
                return asked, app.current_mode

        assert asyncio.run(watch()) == ("race", "results")


def picked(pilot):
    (index,) = {grid.picked for grid in pilot.app.screen.query(VerdictGrid)}
    return index


class TestPicking:
    def follow(self, on_results, recorded, *steps):
        """Press the keys of each step; give the image that is then picked in every grid."""

        async def act(pilot):
            images = []
            for step in steps:
                await pilot.press(*step.split())
                images.append(picked(pilot))
            return images

        return on_results(recorded, act)

    def test_arrow_keys_move_the_cursor_in_all_grids(self, on_results, recorded):
        steps = ("tab right", "down down", "left left", "up", "tab down")
        assert self.follow(on_results, recorded, *steps) == [1, 21, 19, 9, 19]

    def test_beyond_the_first_and_the_last_image_there_is_none(self, on_results, recorded):
        steps = ("tab left", "up", " ".join(["down"] * 12), " ".join(["right"] * 12))
        assert self.follow(on_results, recorded, *steps) == [0, 0, 90, 99]

    def test_the_next_wrong_one_is_that_of_the_selected_variant(self, on_results, recorded):
        rows = ("w", "down w", "down w", "w", "w", "W")
        assert self.follow(on_results, recorded, *rows) == [1, 15, 18, 43, 18, 43]
        grids = ("tab w", "tab w", "tab w")
        assert self.follow(on_results, recorded, *grids) == [1, 15, 18]

    def test_without_a_wrong_one_that_is_said(self, on_results, until):
        async def act(pilot):
            await pilot.press("w")
            return [notification.message for notification in pilot.app._notifications]

        assert on_results(until(40), act) == ["There is no wrong one to show."]

    @pytest.mark.parametrize("size", SIZES[1:])
    def test_a_click_picks_the_image_under_the_mouse(self, on_results, recorded, size):
        async def act(pilot):
            grid = pilot.app.screen.query(VerdictGrid).last()
            row, column = grid._place(57)
            around = grid.gutter
            await pilot.click(grid, offset=(column + around.left, row + around.top))
            return picked(pilot), pilot.app.screen.selected_variant

        assert on_results(recorded, act, size) == (57, "manual")

    def test_the_picked_image_is_drawn_and_told_of(self, on_screen, recorded):
        text = "\n".join(on_screen(recorded, (120, 40), keys("tab", "tab", "w")))
        assert "image 16 of 100" in text
        assert "it is a 5; plain says 8✗, layers 3✗, manual 5" in text

    def test_damaged_images_are_told_of_beside_the_verdicts(self, on_screen, recorded):
        events = [
            replace(event, pixels="AAAA") if isinstance(event, SamplesChosen) else event
            for event in recorded
        ]
        text = "\n".join(on_screen(events, (120, 40)))
        assert "unpacked" in text
        assert "99/100" in text
        assert "layers 7" in text


@pytest.mark.parametrize(("run", "columns"), [("recorded", 58), ("probed", 30)])
def test_the_image_is_drawn_large_only_where_all_is_seen(on_results, request, run, columns):
    async def act(pilot):
        await pilot.pause()
        screen = pilot.app.screen
        hidden_rows = screen.query_one(".body").max_scroll_y
        return screen.query_one(ImageView).outer_size.width, hidden_rows

    assert on_results(request.getfixturevalue(run), act, (200, 50)) == (columns, 0)


class TestDetails:
    TRACEBACK = "Traceback (most recent call last):\n  in a file\nValueError: [b]not bold[/b]\n"

    def failed(self, until):
        return [*until(40), end("layers", Status.FAILED, reason="it is", details=self.TRACEBACK)]

    def test_enter_on_a_row_tells_all_of_it(self, on_screen, until):
        text = "\n".join(on_screen(self.failed(until), (80, 24), keys("4", "down", "enter")))
        for words in ("◆ layers", "failed", "it is", "476 batches", "after batch 400", "in a file"):
            assert words in text
        assert "ValueError: [b]not bold[/b]" in text

    def test_enter_on_a_grid_does_too(self, on_screen, recorded):
        text = "\n".join(on_screen(recorded, (120, 40), keys("tab", "tab", "tab", "enter")))
        assert "▲ manual" in text
        assert "SHA-256" in text
        assert "e886566754802182618fa20ac0b529c4" in text
        assert "85106fc9f3053b853d0294d6116d3555" in text

    def test_a_double_click_on_a_row_does_too(self, on_results, recorded):
        async def act(pilot):
            await pilot.click(ResultsTable, offset=(5, 4), times=2)
            await pilot.pause()
            return pilot.app.screen._variant

        assert on_results(recorded, act) == "manual"

    @pytest.mark.parametrize("key", ["escape", "enter", "q"])
    def test_it_closes(self, on_results, recorded, key):
        async def act(pilot):
            await pilot.press("enter")
            opened = pilot.app.screen
            await pilot.press(key)
            return opened, pilot.app.screen

        opened, left = on_results(recorded, act)
        assert isinstance(opened, VariantDetails)
        assert isinstance(left, ResultsScreen)

    def test_a_long_traceback_scrolls(self, on_screen, until):
        details = "\n".join(f"line {number}" for number in range(100))
        events = [*until(40), end("plain", Status.FAILED, reason="it is", details=details)]
        assert "line 99" not in "\n".join(on_screen(events, (80, 24), keys("4", "enter")))
        assert "line 99" in "\n".join(on_screen(events, (80, 24), keys("4", "enter", "end")))


class TestSelection:
    def test_it_is_the_variant_of_the_row_or_the_grid(self, on_results, recorded):
        async def act(pilot):
            selected = []
            for step in ("", "down", "down down", "up", "tab", "tab", "shift+tab shift+tab"):
                await pilot.press(*step.split())
                selected.append(pilot.app.screen.selected_variant)
            return selected

        assert on_results(recorded, act) == [
            "plain",
            "layers",
            "manual",
            "layers",
            "plain",
            "layers",
            "layers",
        ]

    def test_without_the_focus_there_is_none(self, on_results, recorded):
        async def act(pilot):
            pilot.app.screen.set_focus(None)
            await pilot.press("enter")  # which has nothing to tell of
            return pilot.app.screen.selected_variant

        assert on_results(recorded, act) is None

    def test_below_the_last_row_the_body_scrolls(self, on_results, recorded):
        async def act(pilot):
            await pilot.press("down", "down")
            before = pilot.app.screen.query_one(".body").scroll_target_y
            await pilot.press("down")
            return before, pilot.app.screen.query_one(".body").scroll_target_y

        assert on_results(recorded, act, (80, 24)) == (0, 1)


class TestCost:
    def test_without_news_nothing_is_worked_out_again(self, on_results, until, monkeypatch):
        async def act(pilot):
            def fail(*_):
                raise AssertionError("nothing has happened")

            monkeypatch.setattr(results, "findings", fail)
            monkeypatch.setattr(results, "score_variant", fail)
            pilot.app._redrawing.draw()

        on_results(until(40), act)

    def test_news_that_change_no_cell_leave_the_screen_as_it_is(self, on_results, until):
        async def act(pilot):
            await pilot.pause()
            app, drawn = pilot.app, []
            for widget in app.screen.query("ResultsTable, VerdictGrid, ImageView, Static"):
                widget.refresh = lambda *_, widget=widget, **__: drawn.append(widget)
            news = BatchEvaluated(seconds=41.0, variant="plain", step=700, loss=1.0, accuracy=0.1)
            app.history.add(news)
            app._redrawing.draw()
            unchanged = list(drawn)
            app.history.add(end("plain", Status.STOPPED))
            app._redrawing.draw()
            return unchanged, {type(widget).__name__ for widget in drawn}

        unchanged, changed = on_results(until(40), act)
        assert unchanged == []
        assert changed >= {"ResultsTable", "VerdictGrid"}


def test_another_run_may_have_other_variants(on_results, take_all, recorded):
    async def act(pilot):
        app, names = pilot.app, ("manual", "nn")
        app.recorded_run.ended = True
        app.recorded_run._left = among([*names], recorded)
        app._switch.start(replace(app.config, variants=names))
        await take_all(pilot)
        grids = {grid.variant: len(grid.verdicts) for grid in app.screen.query(VerdictGrid)}
        return grids, app.screen.query_one(ResultsTable).size.height

    grids, rows = on_results(recorded, act)
    assert grids == {"manual": 100, "nn": 0}
    assert rows == 4


def test_a_tick_after_the_end_of_the_app_does_nothing(make_app, take_all, until):
    async def watch():
        app = make_app(until(1))
        async with app.run_test() as pilot:
            await take_all(pilot)
        app.take_in()

    asyncio.run(watch())


def table_of(pilot):
    return pilot.app.screen.query_one(JudgementsTable)


@pytest.mark.parametrize("size", SIZES)
def test_what_each_kind_of_statistics_makes_of_the_weights_is_told(on_results, probed, size):
    async def read(pilot):
        await pilot.pause()
        return table_of(pilot).render().plain.splitlines(), table_of(pilot).region

    lines, region = on_results(probed, read, size)
    head, plain, layers, manual = (line.split() for line in lines)
    assert head == ["validated", "with", *Statistics, "gap", "probing", "took"]
    assert plain[1:6] == ["plain", "-", "-", "-", "-"]
    assert region.right <= size[0]
    for row, name in ((layers, "layers"), (manual, "manual")):
        final = next(
            event
            for event in probed
            if isinstance(event, StatisticsCompared) and event.final and event.variant == name
        )
        accuracies = [final.moving_accuracy, final.batch_accuracy, final.precise_accuracy]
        assert row[2:5] == [f"{accuracy:.4f}"[1:] for accuracy in accuracies]
        assert row[5] == f"{max(accuracies) - accuracies[0]:.3f}"[1:]
        assert row[7] == "s"


def test_in_a_narrow_terminal_that_table_leaves_out_what_probing_took(on_screen, probed):
    lines = on_screen(probed, (60, 24))
    head = next(line for line in lines if "validated with" in line)
    assert head.split() == ["validated", "with", *Statistics, "gap"]
    assert "probing" not in "\n".join(lines)


def test_a_run_that_nobody_looked_into_has_no_such_table(on_results, recorded):
    async def read(pilot):
        return table_of(pilot).display

    assert not on_results(recorded, read)


def test_a_table_of_long_names_has_fewer_intervals_before_it_is_cut(on_results, recorded):
    longer = {"plain": "forgot-updates", "layers": "relu-first", "manual": "momentum-9"}
    started, *rest = recorded
    events = [replace(started, config=started.config | {"variants": list(longer.values())})]
    for event in rest:
        is_theirs = hasattr(event, "variant")
        events.append(replace(event, variant=longer[event.variant]) if is_theirs else event)

    async def read(pilot):
        await pilot.pause()
        table = pilot.app.screen.query_one(ResultsTable)
        return table.render().plain, table.size.width

    text, width = on_results(events, read, (80, 24))
    assert max(map(len, text.splitlines())) <= width <= 78
    assert ".95–1.00" not in text
