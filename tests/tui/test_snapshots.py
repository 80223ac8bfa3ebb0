"""Pictures of every screen in its main states, on a recorded run."""

from dataclasses import replace

import pytest

from bn_tui.events import Status, VariantEnded

SIZES = [(80, 24), (120, 40), (200, 50)]
MIDDLE = 40
EARLY = 2

#: Of the probed run: the moving averages of layers are catching up, those of manual lag.
LAGGING = 28


def describe(size):
    return "x".join(map(str, size))


@pytest.fixture
def matches(snap_compare, make_app, take_all, stand_still):
    """Whether the app on these events, after these keys, looks as it did."""

    def compare(events, size, *keys, theme=None, **facts):
        app = make_app(events, **facts)
        if theme is not None:
            app.theme = theme

        async def prepare(pilot):
            await take_all(pilot)
            for key in keys:
                await pilot.press(key)
            await stand_still(pilot)

        return snap_compare(app, terminal_size=size, run_before=prepare)

    return compare


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("seconds", [EARLY, MIDDLE, 100])
def test_race(matches, until, size, seconds):
    assert matches(until(seconds), size, "1")


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize(
    "keys",
    [
        (),
        ("l", "plus", "plus", *["shift+left"] * 6),
        ("x", "down", "h"),
    ],
    ids=["plain", "log_smooth_cursor", "epochs_one_hidden"],
)
def test_overlay(matches, until, size, keys):
    assert matches(until(MIDDLE), size, "2", *keys)


@pytest.mark.parametrize("size", SIZES, ids=describe)
def test_overlay_of_nothing_yet(matches, until, size):
    assert matches(until(EARLY), size, "2")


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("seconds", [EARLY, MIDDLE])
def test_log(matches, until, size, seconds):
    assert matches(until(seconds), size, "3")


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("seconds", [EARLY, MIDDLE, 100])
def test_results(matches, until, size, seconds):
    assert matches(until(seconds), size, "4")


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("keys", [("n",), ("question_mark",), ("q",)], ids=["new", "help", "quit"])
def test_dialogs(matches, until, size, keys):
    assert matches(until(MIDDLE), size, "1", *keys)


@pytest.mark.parametrize("size", [(59, 24), (80, 17), (30, 8)], ids=describe)
def test_too_small(matches, until, size):
    assert matches(until(MIDDLE), size)


@pytest.mark.parametrize("view", "124")
def test_no_color(matches, until, monkeypatch, view):
    monkeypatch.setenv("NO_COLOR", "1")
    assert matches(until(MIDDLE), (120, 40), view)


@pytest.mark.parametrize("view", "124")
def test_ascii(matches, recorded, view):
    assert matches(recorded, (120, 40), view, ascii_only=True)


@pytest.mark.parametrize("view", "124")
def test_light_theme(matches, recorded, view):
    assert matches(recorded, (120, 40), view, theme="textual-light")


@pytest.mark.parametrize("view", "14")
@pytest.mark.parametrize("size", SIZES, ids=describe)
def test_one_diverged_and_one_failed(matches, until, size, view):
    diverged = VariantEnded(
        seconds=MIDDLE + 1,
        variant="plain",
        status=Status.DIVERGED,
        steps=701,
        reason="not finite at batch 700, loss nan",
    )
    failed = replace(
        diverged,
        variant="layers",
        status=Status.FAILED,
        reason="ResourceExhaustedError: out of memory",
        details="Traceback (most recent call last):\n  …\nResourceExhaustedError: out of memory\n",
    )
    assert matches([*until(MIDDLE), diverged, failed], size, view)


@pytest.mark.parametrize("size", SIZES, ids=describe)
def test_race_of_judgements(matches, probed_until, size):
    assert matches(probed_until(LAGGING), size, "1")


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize(
    "keys", [(), ("down", "down", "end", *["shift+left"] * 9)], ids=["last", "cursor"]
)
def test_overlay_of_judgements(matches, probed_until, size, keys):
    assert matches(probed_until(LAGGING), size, "2", *keys)


@pytest.mark.parametrize("size", SIZES, ids=describe)
def test_results_of_judgements(matches, probed, size):
    assert matches(probed, size, "4")


@pytest.mark.parametrize("view", "12")
def test_judgements_without_color(matches, probed_until, monkeypatch, view):
    monkeypatch.setenv("NO_COLOR", "1")
    assert matches(probed_until(LAGGING), (120, 40), view)


@pytest.mark.parametrize("view", "12")
def test_judgements_in_ascii(matches, probed_until, view):
    assert matches(probed_until(LAGGING), (120, 40), view, ascii_only=True)


@pytest.mark.parametrize("view", "12")
def test_judgements_on_a_light_theme(matches, probed_until, view):
    assert matches(probed_until(LAGGING), (120, 40), view, theme="textual-light")


#: From plain's signal to the variance ratio of manual, some way down and back.
RATIO = ("tab", "tab", *["minus"] * 7, *["pageup"] * 4, *["down"] * 7)


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("keys", [(), RATIO], ids=["signal", "ratio"])
def test_layers(matches, probed, size, keys):
    assert matches(probed, size, "6", *keys)


@pytest.mark.parametrize(
    "keys", [("f", *["down"] * 14), "m", "e"], ids=["fan", "list", "explained"]
)
def test_layers_and_what_is_asked_for(matches, probed, keys):
    assert matches(probed, (80, 24), "6", *keys)


@pytest.mark.parametrize("keys", [(), RATIO], ids=["signal", "ratio"])
def test_layers_without_color(matches, probed, monkeypatch, keys):
    monkeypatch.setenv("NO_COLOR", "1")
    assert matches(probed, (120, 40), "6", *keys)


def test_layers_in_ascii(matches, probed):
    assert matches(probed, (80, 24), "6", ascii_only=True)


def test_layers_on_a_light_theme(matches, probed):
    assert matches(probed, (120, 40), "6", *RATIO, theme="textual-light")


def test_layers_of_an_older_run(matches, until):
    assert matches(until(MIDDLE), (80, 24), "6")
