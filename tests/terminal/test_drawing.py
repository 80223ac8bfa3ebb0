"""What is drawn on terminals that cannot show everything, and while they change."""

import json
import re
import signal

import pytest
from pseudo_terminal import PseudoTerminal, bn_tui

from bn_tui.errors import ExitCode

STYLES = re.compile(rb"\x1b\[([0-9;]*)m")
BOLD, REVERSE = 1, 7

CTRL_P = "\x10"
#: As the keyboard protocol that the app switches on has it; alone it may begin anything.
ESCAPE = "\x1b[27u"

#: The keys of everything there is to see, with words that it shows.
VIEWS = (("2", "Overlay"), ("3", "Log"), ("4", "Results"), ("1", "Race"))
DIALOGS = (("?", "Help:"), ("n", "New run"), (CTRL_P, "Search"))

#: What scrolls, and what moves focus and cursor.
MOVES = ("\t", "\x1b[C", "\x1b[D", "\x1b[B", "\x1b[6~", "\x1b[5~")

DISTRACTED = ("--variants", "plain,layers,manual", "--batches", "60", "--batch-size", "16")
DISTRACTED += ("--probe-every", "0")
SHORT = ("--variants", "plain,layers", "--batches", "6", "--batch-size", "8")


def styles(output):
    """Every parameter of every change of style."""
    return {int(code or 0) for match in STYLES.finditer(output) for code in match[1].split(b";")}


def look_around(app):
    """Open everything there is to see, one after another."""
    for key, words in VIEWS:
        app.press(key)
        app.wait_for(words)
    for key, words in DIALOGS:
        app.press(key)
        app.wait_for(words)
        app.press(ESCAPE)
        app.wait_until(lambda words=words: words not in app.screen, f"{words} is still there")


def test_without_colour_and_utf8_nothing_but_ascii_is_drawn(open_app):
    app = open_app(*SHORT, environment={"NO_COLOR": "1", "LC_ALL": "C"}, columns=100, rows=36)
    app.wait_for_frame()
    look_around(app)
    app.wait_until(lambda: '"RunEnded"' in app.recorded)
    app.wait_for("Results", "done")
    look_around(app)
    app.press("q")
    assert app.wait(5) == ExitCode.OK
    assert app.output.isascii()
    assert "?" not in app.scrollback
    assert styles(app.output) >= {BOLD}
    assert styles(app.output) <= {0, BOLD, 2, 3, 4, REVERSE}


def test_a_window_too_small_says_so_until_it_is_not(open_app):
    app = open_app(columns=59, rows=18)
    app.wait_for("needs 60")
    app.resize(60, 18)
    app.wait_for_frame()
    app.resize(20, 5)
    app.wait_for("20")
    app.send(signal.SIGTERM)
    assert app.wait(5) == ExitCode.TERMINATED
    assert app.left_behind() == []


@pytest.fixture(scope="module")
def headless_weights(digits_folder, tmp_path_factory):
    """What the variants end with where nobody looks."""
    folder = tmp_path_factory.mktemp("headless") / "run"
    options = ["--no-ui", "--data", str(digits_folder), "--out", str(folder), *DISTRACTED]
    with PseudoTerminal(bn_tui(*options)) as terminal:
        assert terminal.wait(60) == ExitCode.OK
    return read_weights(folder)


def read_weights(folder):
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {name: variant["weights_sha256"] for name, variant in results["variants"].items()}


def test_scores_are_those_of_a_run_that_nobody_looks_at(open_app, headless_weights):
    app = open_app(*DISTRACTED)
    app.wait_for_frame()
    sizes = [(80, 24), (200, 50), (30, 10), (61, 19), (120, 40)]
    app.wait_for_training()
    keys = [key for key, _ in VIEWS for key in (key, *MOVES)]
    distractions = 0
    while '"RunEnded"' not in app.recorded:
        app.resize(*sizes[distractions % len(sizes)])
        app.press(keys[distractions % len(keys)])
        app.read_for(0.2)
        distractions += 1
    assert distractions > len(sizes)
    app.resize(120, 40)
    app.press("1")
    app.wait_for("Race", "done")
    app.press("q")
    assert app.wait(5) == ExitCode.OK
    assert app.left_behind() == []
    assert read_weights(app.folder) == headless_weights
