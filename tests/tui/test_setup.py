"""The setup of another run: every setting, prefilled, validated as it is typed, and started."""

from dataclasses import replace

import pytest
from textual.widgets import Input, Switch

from bn_tui.config import ExperimentConfig
from bn_tui.errors import OutputError, UsageError
from bn_tui.options import OPTIONS, PRESET
from bn_tui.tui.screens.confirm import ConfirmScreen
from bn_tui.tui.screens.dialog import FocusScroll
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.setup import SetupScreen
from bn_tui.tui.widgets.setting_field import SettingField
from bn_tui.tui.widgets.setting_switch import SettingSwitch

FIELDS = [option.field for option in OPTIONS]
SHOWN = ["preset", *FIELDS]
REFUSED = {
    "variants": "plian",
    "batches": "0",
    "batch_size": "many",
    "learning_rate": "-1",
    "seed": "1.5",
    "data": "mnits",
    "test_data": "mnits",
    "log_every": "",
    "validate_every": "x",
    "probe_every": "-1",
    "bn_momentum": "1",
    "bn_epsilon": "0",
    "checkpoint_every": "-1",
    "threads": "0",
}


def field_of(pilot, name):
    return pilot.app.screen.query_one(f"#field-{name.replace('_', '-')}", SettingField)


async def fill(pilot, name, text):
    field_of(pilot, name).input.value = text
    await pilot.pause()


def note_of(pilot, name):
    return str(field_of(pilot, name).query_one(".note").content)


@pytest.fixture
def set_up(on_screen, until):
    """Open the setup on a run that has ended before TensorFlow began, and do something."""

    def run(act=None, *, size=(84, 30), events=None, ended=True, **facts):
        async def open_setup(pilot):
            # The recording's data are in a folder that may not be here.
            pilot.app._current.config = replace(pilot.app.config, data="drawn")
            await pilot.press("n")
            await pilot.pause()
            if act is not None:
                await act(pilot)

        return on_screen(events or until(0.2), size, open_setup, ended=ended, **facts)

    return run


def test_every_name_stands_whole(set_up):
    async def go_to_the_end(pilot):
        pilot.app.screen.query_one(Switch).focus()
        await pilot.pause()

    lines = set_up(size=(120, 40)) + set_up(go_to_the_end, size=(120, 40))
    for option in OPTIONS:
        name = option.name.replace("-", " ")
        assert any(f" {name} " in line for line in lines)
    assert any("for fair timing" in line for line in lines)  # the last of all


def test_a_note_of_before_does_not_stand_over_the_buttons(set_up):
    async def look(pilot):
        await pilot.press("escape")
        pilot.app.notify("something was done")
        await pilot.pause()
        await pilot.press("n")

    lines = set_up(look, size=(80, 24))
    assert any("Start" in line and "Cancel" in line for line in lines)
    assert not any("something was done" in line for line in lines)


def test_every_setting_is_there_as_it_is(set_up):
    async def look(pilot):
        config = pilot.app.config
        fields = pilot.app.screen.query(SettingField)
        assert [field.option for field in fields] == [PRESET, *OPTIONS]
        for option in OPTIONS:
            written = option.write(getattr(config, option.field))
            assert field_of(pilot, option.field).input.value == written
        assert pilot.app.screen.query_one(SettingSwitch).value is config.sequential

    text = "\n".join(set_up(look))
    assert "learning rate" in text
    assert "0.002" in text


def test_no_field_of_the_settings_is_forgotten():
    assert {*FIELDS, "sequential"} == set(ExperimentConfig.__dataclass_fields__)


def test_a_refusal_is_the_very_text_of_the_command_line(set_up):
    async def type_wrongly(pilot):
        for option in OPTIONS:
            with pytest.raises(UsageError) as refusal:
                option.read(REFUSED[option.field])
            await fill(pilot, option.field, REFUSED[option.field])
            assert note_of(pilot, option.field) == str(refusal.value)
            await fill(pilot, option.field, option.write(option.default))
            assert option.help in note_of(pilot, option.field)

    set_up(type_wrongly)


@pytest.mark.parametrize("name", [FIELDS[0], FIELDS[-1]])
def test_nothing_starts_while_a_setting_is_refused(set_up, name):
    async def start(pilot):
        await fill(pilot, name, REFUSED[name])
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SetupScreen)
        assert pilot.app.focused is field_of(pilot, name).input

    set_up(start)


@pytest.mark.parametrize("key", ["ctrl+s", "ctrl+enter", "ctrl+j"])
def test_it_starts_a_run_with_what_was_typed(set_up, key):
    async def start(pilot):
        for name, text in {
            "variants": "manual,nn",
            "batches": "12",
            "learning_rate": "0.1",
            "test_data": "drawn",
            "threads": "3",
        }.items():
            await fill(pilot, name, text)
        pilot.app.screen.query_one(Switch).focus()
        await pilot.press("space")
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, RaceScreen)
        assert pilot.app.config == ExperimentConfig(
            variants=("manual", "nn"),
            batches=12,
            learning_rate=0.1,
            data="drawn",
            test_data="drawn",
            probe_every=0,  # as the recording, which is from before there were probes
            threads=3,
            sequential=True,
        )

    text = "\n".join(set_up(start))
    assert "manual" in text
    assert "layers" not in text


def test_the_keyboard_alone_goes_through_it(set_up):
    async def go_through(pilot):
        for name in SHOWN:
            assert pilot.app.focused is field_of(pilot, name).input
            await pilot.press("enter" if name == "preset" else "down")
        await pilot.press("enter", "tab")
        assert pilot.app.screen.query_one(SettingSwitch).value is True
        assert pilot.app.focused.id == "start"
        await pilot.press("up", "space", "down", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RaceScreen)

    set_up(go_through, size=(80, 24))


@pytest.mark.parametrize("way", ["escape", "#cancel"])
def test_it_can_be_left_without_a_run(set_up, way):
    async def cancel(pilot):
        before = pilot.app.config
        await fill(pilot, "batches", "5")
        await (pilot.click(way) if way.startswith("#") else pilot.press(way, "y"))
        await pilot.pause()
        assert isinstance(pilot.app.screen, RaceScreen)
        assert pilot.app.config is before

    set_up(cancel)


@pytest.mark.parametrize("edit", ["nothing", "text", "switch"])
def test_escape_asks_where_something_was_edited(set_up, edit):
    async def leave(pilot):
        if edit == "text":
            await fill(pilot, "batches", "5")
        if edit == "switch":
            pilot.app.screen.query_one(Switch).focus()
            await pilot.press("space")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RaceScreen if edit == "nothing" else ConfirmScreen)
        if edit != "nothing":
            await pilot.press("n")
            await pilot.pause()
            assert isinstance(pilot.app.screen, SetupScreen)

    set_up(leave)


def test_the_mouse_starts_it(set_up):
    async def click(pilot):
        await fill(pilot, "seed", "5")
        await pilot.click("#start")
        await pilot.pause()
        assert pilot.app.config.seed == 5

    set_up(click, size=(80, 24))


def test_settings_are_checked_together_at_last(set_up):
    async def start(pilot):
        await fill(pilot, "batch_size", "60000")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SetupScreen)

    text = " ".join(" ".join(set_up(start)).replace("│", " ").split())
    assert "--batch-size 60000: expected a whole number from 1 to 55,000" in text


def test_what_was_refused_together_is_forgotten_with_the_next_key(set_up):
    async def mend(pilot):
        await fill(pilot, "batch_size", "60000")
        await pilot.press("ctrl+s")
        await fill(pilot, "batch_size", "60")
        assert not pilot.app.screen.has_class("-refused")

    set_up(mend)


def test_a_variants_name_is_completed(set_up):
    async def complete(pilot):
        await pilot.press("down")
        for typed, completed in {
            "man": "manual",
            "plain,la": "plain,layers",
            "plain, fu": "plain, fused",
            "plain,plain": "plain,plain-he",
            "plain,": "plain,",
            "group:2": "group:2",
            "group:": "group:",
            "group:2,gro": "group:2,group",
            "forg": "forgot-updates",
        }.items():
            await pilot.press("ctrl+u", *typed, "right")
            assert field_of(pilot, "variants").input.value == completed

    set_up(complete)


def test_a_presets_name_is_completed_and_gives_the_variants(set_up):
    async def complete(pilot):
        assert field_of(pilot, "preset").input.value == "original"
        await pilot.press("ctrl+u", *"cu")
        assert field_of(pilot, "preset").refusal.startswith("--preset cu: no such preset")
        assert field_of(pilot, "variants").input.value == "plain,layers,manual"
        await pilot.press("right")
        await pilot.pause()
        assert field_of(pilot, "variants").input.value == "manual,momentum-9,precise"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert pilot.app.config.variants == ("manual", "momentum-9", "precise")

    set_up(complete)


def test_variants_name_the_preset_that_they_are(set_up):
    async def edit(pilot):
        for typed, preset in {
            "manual,momentum-9,precise": "cure",
            "manual,momentum-9": "",
            "manual,momentum-": "",
            "plain, layers,manual": "original",
        }.items():
            await fill(pilot, "variants", typed)
            await pilot.pause()
            assert field_of(pilot, "preset").input.value == preset
            assert field_of(pilot, "variants").input.value == typed

    set_up(edit)


def test_a_preset_that_there_is_not_starts_nothing(set_up):
    async def start(pilot):
        await fill(pilot, "preset", "cures")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SetupScreen)
        assert pilot.app.focused is field_of(pilot, "preset").input

    set_up(start)


@pytest.mark.parametrize(("agree", "screen"), [("y", RaceScreen), ("n", SetupScreen)])
def test_a_run_that_trains_is_asked_about(set_up, until, agree, screen):
    async def start(pilot):
        run = pilot.app.recorded_run
        await fill(pilot, "batches", "12")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmScreen)
        assert not run.control.stop_requested
        await pilot.press(agree)
        await pilot.pause()
        assert isinstance(pilot.app.screen, screen)
        assert run.control.stop_requested is (agree == "y")
        run.ended = run.control.stop_requested
        pilot.app.take_in()
        assert (pilot.app.config.batches == 12) is (agree == "y")

    set_up(start, events=until(40), ended=False)


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40), (200, 50)])
def test_each_field_can_be_seen_at_every_size(set_up, size):
    async def go_through(pilot):
        visible = pilot.app.screen.query_one(FocusScroll)
        for widget in pilot.app.screen.query("SettingField Input, Switch"):
            widget.focus()
            await pilot.pause()  # only now the scrolling towards it is scheduled
            await pilot.wait_for_scheduled_animations()
            assert visible.region.contains_region(widget.region)

    lines = set_up(go_through, size=size)
    assert "Start" in "\n".join(lines)


def test_ascii_is_ascii(set_up):
    async def switch(pilot):
        pilot.app.screen.query_one(Switch).focus()
        await pilot.press("space")

    text = "\n".join(set_up(switch, size=(80, 24), ascii_only=True))
    assert text.isascii(), {character for character in text if not character.isascii()}


def test_an_input_has_its_placeholder_for_what_may_be_left_out(set_up):
    async def look(pilot):
        for option in (PRESET, *OPTIONS):
            shown = pilot.app.screen.query_one(f"#field-{option.name} Input", Input).placeholder
            assert shown == (option.absent or "")

    set_up(look)


@pytest.mark.parametrize("trained", [True, False])
def test_a_run_that_cannot_be_started_leaves_the_one_before(set_up, until, trained):
    def refuse(_):
        raise OutputError("the state folder cannot be written")

    async def start(pilot):
        pilot.app._current._launch = refuse
        before = pilot.app.history
        states = [variant.summary.state for variant in before.variants.values()]
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert pilot.app.history is before
        assert [variant.summary.state for variant in before.variants.values()] == states
        assert str(pilot.app._current.error) == "the state folder cannot be written"
        notes = [note.title for note in pilot.app._notifications]
        assert notes == ["No other run was started"] * trained
        assert isinstance(pilot.app.screen, RaceScreen if trained else ConfirmScreen)

    set_up(start, events=until(40 if trained else 2))
