"""The process that trains, with an experiment that states what a test wants."""

import json
import signal
import subprocess
import sys

import pytest

from bn_tui.config import ExperimentConfig
from bn_tui.errors import ExitCode
from bn_tui.events import (
    DataLoaded,
    PhaseEntered,
    RunEnded,
    RunStarted,
    Status,
    VariantEnded,
    from_json,
)
from bn_tui.running.wire import Breakdown, Order, Refusal, read_answer

CONFIG = ExperimentConfig(variants=("plain",))

PROGRAM = """
import os
import signal
import threading

from bn_tui.engine import experiment
from bn_tui.errors import DataUnavailableError, OutputError
from bn_tui.events import *

STARTED = RunStarted(seconds=0.0, schema=1, started_at="", config={config!r}, environment={{}})
LOADED = DataLoaded(
    seconds=1.0, role=Role.TRAIN, name="digits", source="folder digits", sha256="ab",
    training_images=110, validation_images=10, test_images=20,
    validation_class_counts=(10,), test_class_counts=(20,),
)
BUILDING = PhaseEntered(seconds=1.5, variant="plain", phase=Phase.BUILDING)

def wait_for_stop(control):
    while not control.stop_requested:
        signal.sigtimedwait([], 0.02)

def run(config, control, *, resumption=None, keep=None):
    yield STARTED
    yield LOADED
    yield BUILDING
    {body}
    stopped = Status.STOPPED if control.stop_requested else Status.DONE
    yield VariantEnded(seconds=2.0, variant="plain", status=stopped, steps=1)
    yield RunEnded(seconds=3.0, peak_memory_bytes=5)

experiment.run = run  # before `keeping` takes it
from bn_tui.running.worker import main
main()
"""


@pytest.fixture
def start():
    """Start the process; `body` is what the experiment does in the middle."""
    started = []

    def start_worker(body="pass", *, folder=None):
        program = PROGRAM.format(body=body, config=CONFIG.as_dict())
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(Order(config=CONFIG, folder=folder).to_line())
        process.stdin.flush()
        started.append(process)
        return process

    yield start_worker
    for process in started:
        with process:  # which closes its pipes and waits
            process.kill()


def finish(process):
    """Everything that it has answered, and what it has printed."""
    out, err = process.communicate(timeout=20)
    assert process.returncode == ExitCode.OK
    return [read_answer(line) for line in out.splitlines()], err


def test_it_answers_with_every_event_and_ends(start):
    process = start()
    # Its end of the commands stays open: an app does not hang up before it has read.
    answers = [read_answer(process.stdout.readline()) for _ in range(5)]
    assert [type(answer) for answer in answers] == [
        RunStarted,
        DataLoaded,
        PhaseEntered,
        VariantEnded,
        RunEnded,
    ]
    assert answers[3].status is Status.DONE
    assert process.wait(20) == ExitCode.OK


def test_it_stops_when_the_app_is_gone_and_keeps_a_whole_record(start, tmp_path):
    process = start("wait_for_stop(control)", folder=tmp_path)
    for _ in range(3):
        process.stdout.readline()
    process.stdout.close()
    process.stdin.close()
    assert process.wait(20) == ExitCode.OK
    *_, ended, last = map(from_json, (tmp_path / "events.jsonl").read_text().splitlines())
    assert ended.status is Status.STOPPED
    assert isinstance(last, RunEnded)
    assert json.loads((tmp_path / "results.json").read_text())


def test_it_stops_on_command_and_on_sigterm(start):
    for stop in (
        lambda process: process.stdin.write('["stop"]\n'),
        lambda process: process.send_signal(signal.SIGTERM),
    ):
        process = start("wait_for_stop(control)")
        for _ in range(3):
            process.stdout.readline()
        stop(process)
        process.stdin.flush()
        assert read_answer(process.stdout.readline()).status is Status.STOPPED


def test_what_the_terminal_sends_to_everybody_is_left_to_the_app(start):
    process = start("threading.Event().wait(0.2)")
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGHUP)
    assert read_answer(process.stdout.readline()).status is Status.DONE


def test_what_is_printed_is_no_answer(start):
    answers, printed = finish(start("os.write(1, b'NATIVE'); print('PYTHON', flush=True)"))
    assert len(answers) == 5
    assert "NATIVE" in printed
    assert "PYTHON" in printed


def test_a_refusal_is_told_with_its_code(start):
    *_, last = finish(start("raise DataUnavailableError('no mirror')"))[0]
    assert last == Refusal("no mirror", ExitCode.DATA_UNAVAILABLE)


def test_a_folder_that_cannot_take_the_record_is_told(start, tmp_path):
    *_, last = finish(start(folder=tmp_path / "gone"))[0]
    assert last.code is ExitCode.CANNOT_CREATE
    assert "gone" in last.message


def test_what_breaks_it_is_told_with_its_traceback(start):
    *_, last = finish(start("raise ZeroDivisionError('by nought')"))[0]
    assert isinstance(last, Breakdown)
    assert last.traceback.splitlines()[-1] == "ZeroDivisionError: by nought"
