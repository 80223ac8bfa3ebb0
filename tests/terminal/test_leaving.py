"""Every way of leaving the app, in a terminal of its own: what it leaves behind, and how soon."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from pseudo_terminal import PseudoTerminal

from bn_tui.errors import ExitCode
from bn_tui.insight.lines import count_batches

LONGEST = 5.0  # seconds that leaving may take
RECORD = {"config.json", "events.jsonl", "results.json", "sessions.jsonl"}
WHOLE = RECORD | {"lock", "native.log"}  # and checkpoints, once there was a step
TABLE_HEADER = "variant   validation   test   100 samples   ms per step   seconds"

CTRL_C = "\x03"
SHORT = ("--variants", "plain", "--batches", "3", "--batch-size", "8", "--probe-every", "0")


def check_left(app, code):
    """It has ended in time with its code, and everything is as it was before."""
    assert app.wait(LONGEST) == code
    assert not app.full_screen
    assert app.left_behind() == []
    assert app.kept() - {"checkpoints"} == WHOLE
    results = json.loads((app.folder / "results.json").read_text(encoding="utf-8"))
    assert results["variants"]["plain"]["status"] in ("done", "stopped")


def check_silent(app):
    """Neither native code nor Python has printed between the frames or after them."""
    assert "Traceback" not in app.scrollback
    assert b"oneDNN" not in app.output
    assert b"absl" not in app.output


def test_a_finished_run_is_left_with_its_table_in_the_scrollback(open_app):
    app = open_app(*SHORT)
    app.wait_until(lambda: '"RunEnded"' in app.recorded)
    app.wait_for("Results", "done")
    app.press("q")
    check_left(app, ExitCode.OK)
    check_silent(app)
    header, row, total, kept = app.scrollback.splitlines()
    assert header.split() == TABLE_HEADER.split()
    assert row.split()[0] == "plain"
    assert "s in all, on digits" in total
    assert kept == f"kept in {app.folder}"


def test_while_it_trains_q_asks_and_leaves_on_yes(open_app):
    app = open_app()
    app.wait_for_training()
    app.press("q")
    app.wait_for("Leave?")
    app.press("n")
    app.wait_until(lambda: "Leave?" not in app.screen)
    app.wait_for_training(app.recorded.count('"StepTrained"') + 2)
    app.press("q")
    app.wait_for("Leave?")
    app.press("y")
    check_left(app, ExitCode.INTERRUPTED)
    check_silent(app)
    assert "plain stopped after" in app.scrollback


def test_ctrl_c_asks_and_the_second_leaves(open_app):
    app = open_app()
    app.wait_for_frame()
    app.press(CTRL_C)
    app.wait_for("Leave?")
    app.press(CTRL_C)
    check_left(app, ExitCode.INTERRUPTED)
    check_silent(app)


SIGNALS = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.HUNG_UP,
}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_not_kept_waiting_while_tensorflow_loads(open_app, number):
    app = open_app()
    app.wait_for("TensorFlow")
    app.send(number)
    check_left(app, SIGNALS[number])
    check_silent(app)
    # None, but on a machine so busy that it sees the signal only when it trains.
    trained = count_batches(app.recorded.count('"StepTrained"'))
    assert f"plain stopped after {trained}" in app.scrollback


def test_a_signal_as_soon_as_there_is_a_folder_leaves_none_or_a_whole_run(open_app):
    app = open_app()
    app.wait_until(app.folder.exists)
    app.send(signal.SIGINT)
    assert app.wait(LONGEST) == ExitCode.INTERRUPTED
    assert app.left_behind() == []
    assert not app.folder.exists() or '"RunEnded"' in app.recorded


def test_a_signal_stops_training(open_app):
    app = open_app()
    app.wait_for_training()
    app.send(signal.SIGTERM)
    check_left(app, ExitCode.TERMINATED)
    check_silent(app)
    assert "plain stopped after" in app.scrollback


def test_a_signal_ignored_from_the_start_stays_ignored(open_app):
    ignoring = ["/bin/sh", "-c", 'trap \'\' HUP; exec "$0" "$@"']
    app = open_app(program=[*ignoring, sys.executable, "-m", "bn_tui"])
    app.wait_for_frame()
    app.send(signal.SIGHUP)
    app.send(signal.SIGTERM)
    check_left(app, ExitCode.TERMINATED)


def test_an_app_that_is_killed_leaves_no_process_and_a_whole_record(open_app):
    app = open_app()
    app.wait_for_training()
    app.send(signal.SIGKILL)
    assert app.wait(LONGEST) == -signal.SIGKILL
    app.wait_until(lambda: not app.processes(), "its trainers go on", LONGEST)
    assert app.kept() - {"checkpoints"} == WHOLE


def test_a_training_process_that_is_killed_is_told_and_can_be_left(open_app):
    app = open_app()
    app.wait_for_training()
    [worker] = subprocess.run(
        ["pgrep", "--parent", str(app.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(worker), signal.SIGKILL)
    app.wait_for("SIGKILL")
    app.press("q")
    assert app.wait(LONGEST) == ExitCode.FAILED
    assert app.left_behind() == []
    assert "the training process broke: it was ended by SIGKILL" in app.scrollback


BROKEN = """
import sys
from bn_tui.cli import entry
from bn_tui.running.live_run import LiveRun

WORKER = '''
from bn_tui.engine import experiment
experiment.run = lambda *_, **__: 1 / 0
from bn_tui.running.worker import main
main()
'''
LiveRun.__init__.__kwdefaults__["command"] = [sys.executable, "-c", WORKER]
entry()
"""


def test_a_training_process_that_breaks_at_once_leaves_its_traceback(open_app):
    app = open_app(program=[sys.executable, "-c", BROKEN])
    app.wait_for("Nothing trains", "ZeroDivisionError")
    app.press("q")
    assert app.wait(LONGEST) == ExitCode.FAILED
    assert app.left_behind() == []
    assert app.scrollback.count("Traceback") == 1
    assert app.scrollback.endswith(
        "bn-tui: the training process broke: ZeroDivisionError: division by zero"
    )


def test_a_window_that_is_closed_ends_the_run(open_app):
    app = open_app()
    app.wait_for_training()
    app.close_window()
    assert app.wait(LONGEST) == ExitCode.HUNG_UP
    assert app.processes() == []
    assert app.kept() - {"checkpoints"} == WHOLE


def test_a_terminal_that_takes_nothing_more_does_not_hold_up_a_signal(open_app):
    app = open_app()
    app.wait_for_training()
    before = app.recorded.count('"StepTrained"')
    # Nobody reads what is drawn until far more than a terminal holds back has been.
    while app.recorded.count('"StepTrained"') < before + 200 and app.process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            app.process.wait(0.05)
    app.send(signal.SIGTERM)
    assert app.process.wait(LONGEST) == ExitCode.TERMINATED
    assert "line discipline" not in app.left_behind()
    assert app.processes() == []
    assert app.kept() - {"checkpoints"} == WHOLE


HANG = """
import threading
from bn_tui.cli import entry
from bn_tui.tui.screens.race import RaceScreen

RaceScreen.show_body = lambda *_: threading.Event().wait()
entry()
"""


def test_a_screen_that_hangs_does_not_hold_up_a_signal(open_app):
    app = open_app(program=[sys.executable, "-c", HANG])
    app.wait_until(lambda: "StepTrained" in app.recorded)
    app.send(signal.SIGTERM)
    check_left(app, ExitCode.TERMINATED)


CRASH = """
from bn_tui.cli import entry
from bn_tui.tui.screens.race import RaceScreen

show_body = RaceScreen.show_body


def fail(self, config, history, *others):
    if any(variant.summary.steps for variant in history.variants.values()):
        raise ZeroDivisionError("the screen is broken")
    show_body(self, config, history, *others)


RaceScreen.show_body = fail
entry()
"""


def test_a_broken_screen_is_one_traceback_on_a_whole_terminal(open_app):
    app = open_app(program=[sys.executable, "-c", CRASH], rows=100)
    app.wait_until(lambda: app.process.poll() is not None)
    check_left(app, ExitCode.FAILED)
    assert app.scrollback.count("Traceback") == 1
    assert app.scrollback.count("ZeroDivisionError: the screen is broken") == 1
    assert "plain stopped after" in app.scrollback


NOISE = """
import os
import sys
from bn_tui.cli import entry
from bn_tui.tui.screens.race import RaceScreen

show_body = RaceScreen.show_body


def chatter(*arguments):
    os.write(1, b"NATIVE")
    os.write(2, b"NATIVE")
    print("PYTHON")
    print("PYTHON", file=sys.stderr)
    show_body(*arguments)


RaceScreen.show_body = chatter
entry()
"""


def test_what_is_printed_never_lands_on_the_screen(open_app):
    app = open_app(program=[sys.executable, "-c", NOISE])
    app.wait_for_frame()
    app.send(signal.SIGTERM)
    check_left(app, ExitCode.TERMINATED)
    assert b"NATIVE" not in app.output
    assert b"PYTHON" not in app.output
    assert (app.folder / "native.log").read_bytes().startswith(b"NATIVENATIVE")


@pytest.mark.parametrize(
    ("streams", "environment", "reason"),
    [
        ("</dev/null", {}, "no terminal"),
        ("| cat", {}, "no terminal"),
        ("", {"TERM": "dumb"}, "TERM=dumb is no screen"),
        ("", {"TERM": None}, "TERM= is no screen"),
    ],
)
def test_without_a_screen_it_runs_headless_and_says_so(digits_folder, streams, environment, reason):
    command = f'"$0" -m bn_tui --data "$1" {streams}'
    shell = ["/bin/sh", "-c", command, sys.executable, str(digits_folder)]
    with PseudoTerminal(shell, environment=environment) as terminal:
        terminal.wait_for(f"bn-tui: {reason}, so this runs as --no-ui does", "Data: ")
        assert b"\x1b[?1049h" not in terminal.output
        assert terminal.output.count(b"no-ui") == 1
        for number in (signal.SIGTERM, signal.SIGTERM):
            os.killpg(terminal.process.pid, number)
        terminal.wait(LONGEST)
