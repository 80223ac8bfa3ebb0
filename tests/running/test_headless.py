"""Runs without a screen: what becomes of hand-built events, and whole runs as processes."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from records.scripted_run import rows

from bn_tui.config import ExperimentConfig
from bn_tui.errors import DataUnavailableError, ExitCode, OutputError
from bn_tui.events import (
    SCHEMA,
    DataLoaded,
    Role,
    RunEnded,
    RunStarted,
    Status,
    ValidationEvaluated,
    VariantEnded,
    from_json,
)
from bn_tui.insight.history import RunHistory
from bn_tui.leaving import SIGNALS
from bn_tui.records.checkpoint import load_latest
from bn_tui.records.folder import open_folder
from bn_tui.running import headless, keeping
from bn_tui.running.wire import Order

ORIGINAL_LINES = [
    r"Batch:  0: Validation loss: \d\.\d{5}, Validation accuracy: \d\.\d{5}",
    r"Batch:  2: Training loss: \d\.\d{5}, Training accuracy: \d\.\d{5}",
    r"Batch:  3: Validation loss: \d\.\d{5}, Validation accuracy: \d\.\d{5}",
    r"Final validation accuracy: \d\.\d{5}",
    r"Final test accuracy: \d\.\d{5}",
    r"Accuracy on 100 samples: \d\.\d+",
]
SHORT = ["--batches", "4", "--batch-size", "8", "--log-every", "2", "--validate-every", "3"]
SHORT += ["--probe-every", "0"]
ENDLESS = ["--batches", "9999999", "--batch-size", "8", "--log-every", "1", "--probe-every", "0"]
TABLE_HEADER = "variant   validation     test   100 samples   ms per step   seconds"


# Hand-built events through `run_headless`, in this process and without TensorFlow.

STARTED = RunStarted(
    seconds=0.0,
    schema=1,
    started_at="2024-01-01T00:00:00+00:00",
    config=ExperimentConfig(variants=("plain", "nn")).as_dict(),
    environment={},
)
LOADED = DataLoaded(
    seconds=1.0,
    role=Role.TRAIN,
    name="digits",
    source="folder digits",
    sha256="ab",
    training_images=110,
    validation_images=10,
    test_images=20,
    validation_class_counts=(10,),
    test_class_counts=(20,),
)
VALIDATED = ValidationEvaluated(
    seconds=2.0, variant="plain", step=0, loss=0.5, accuracy=0.1, final=False
)
ENDED = RunEnded(seconds=3.0, peak_memory_bytes=5)


def end(variant, status, details=None):
    return VariantEnded(
        seconds=2.0,
        variant=variant,
        status=status,
        reason=None if status is Status.DONE else "the reason",
        details=details,
        steps=1,
        seconds_per_step=0.1,
        train_seconds=0.1,
        weights_sha256="ab",
    )


def ends(plain, nn):
    return [STARTED, LOADED, VALIDATED, end("plain", plain), end("nn", nn), ENDED]


@pytest.fixture
def replay(monkeypatch):
    """Run headless over given events; one that can be called is called where its turn comes."""

    def replay_events(events, *, folder=None, log_format="text", quiet=False, **settings):
        controls = []

        def run(_config, control, **_):
            controls.append(control)
            for event in events:
                if callable(event):
                    event()
                else:
                    yield event

        monkeypatch.setattr(keeping, "run", run)
        config = ExperimentConfig(variants=("plain", "nn"), **settings)
        try:
            order = Order(config=config, folder=folder)
            return headless.run_headless(order, log_format=log_format, quiet=quiet)
        finally:
            assert controls[0].stop_requested

    return replay_events


@pytest.mark.parametrize(
    ("plain", "nn", "code"),
    [
        (Status.DONE, Status.DONE, ExitCode.OK),
        (Status.DONE, Status.DIVERGED, ExitCode.FAILED),
        (Status.FAILED, Status.DONE, ExitCode.FAILED),
    ],
)
def test_the_exit_code_says_whether_every_variant_finished(replay, capfd, plain, nn, code):
    assert replay(ends(plain, nn)) is code
    assert capfd.readouterr().out.endswith("\n3.0 s in all, on digits, folder digits\n")


def test_where_a_variant_failed_its_traceback_follows_the_table(replay, capfd):
    failed = end("plain", Status.FAILED, "Traceback (most recent call last): ...\n")
    events = [STARTED, LOADED, failed, end("nn", Status.DONE), ENDED]
    assert replay(events) is ExitCode.FAILED
    out, err = capfd.readouterr()
    assert "plain | Failed: the reason\n" in out
    assert "Traceback" not in out
    assert "Traceback (most recent call last): ...\n" in err


def test_where_none_failed_native_output_stays_in_the_log(replay, capfd, tmp_path):
    def chatter():
        os.write(1, b"chatter\n")
        os.write(2, b"chatter\n")

    events = [*ends(Status.DONE, Status.DIVERGED), chatter]
    assert replay(events, folder=tmp_path) is ExitCode.FAILED
    out, err = capfd.readouterr()
    assert "chatter" not in out + err
    assert err == f"bn-tui: kept in {tmp_path}\n"
    assert (tmp_path / "native.log").read_text() == "chatter\nchatter\n"


def test_a_batch_of_one_image_is_warned_of(replay, capfd):
    assert replay(ends(Status.DONE, Status.DONE), batch_size=1) is ExitCode.OK
    assert capfd.readouterr().err == (
        "bn-tui: --batch-size 1: batch norm normalises with the statistics of one image\n"
    )


def test_an_error_of_the_run_is_the_callers_and_leaves_no_record(replay, capfd, tmp_path):
    def fail():
        raise DataUnavailableError("no mirror")

    with pytest.raises(DataUnavailableError, match="no mirror"):
        replay([STARTED, fail], folder=tmp_path)
    assert not tmp_path.exists()
    assert capfd.readouterr() == ("", "")


def test_a_fault_of_the_run_is_not_taken_for_a_full_stdout(replay):
    def fail():
        raise FileNotFoundError(2, "No such file")

    with pytest.raises(FileNotFoundError):
        replay([STARTED, fail])


def test_a_log_that_cannot_be_printed_is_an_output_error(replay, monkeypatch):
    def fail(_log, _event):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(headless.TextLog, "handle", fail)
    with pytest.raises(OutputError, match=r"standard output cannot be written \(Input/output"):
        replay([STARTED])


def test_a_log_that_nobody_reads_is_no_error(replay, monkeypatch):
    def fail(_log, _event):
        raise BrokenPipeError

    monkeypatch.setattr(headless.TextLog, "handle", fail)
    assert replay([STARTED]) is ExitCode.READER_GONE


def test_an_out_that_is_gone_is_an_output_error(replay, tmp_path):
    order = Order(config=ExperimentConfig(), folder=tmp_path / "gone")
    with pytest.raises(OutputError, match="cannot be written"):
        headless.run_headless(order, log_format="text", quiet=False)


def test_signals_are_handled_as_before_when_the_run_is_over(replay, capfd):
    before = [signal.getsignal(number) for number in SIGNALS]
    replay(ends(Status.DONE, Status.DONE))
    assert [signal.getsignal(number) for number in SIGNALS] == before


# Whole runs, as processes of their own.


@pytest.fixture
def start(digits_folder, monkeypatch):
    """Start bn-tui on a folder of a few images; whatever happens, it ends within a minute."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)

    @contextmanager
    def start_process(*arguments, **streams):
        program = [sys.executable, "-m", "bn_tui", "--no-ui", "--variants", "plain"]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
        command = [*program, "--data", str(digits_folder), *arguments]
        with subprocess.Popen(command, text=True, **streams) as process:
            watchdog = threading.Timer(60, process.kill)
            watchdog.start()
            try:
                yield process
            finally:
                watchdog.cancel()
                process.kill()

    return start_process


def kept_in(err):
    """The folder that keeps the run, where this is all that is said on stderr."""
    found = re.fullmatch(r"bn-tui: kept in (.+)\n", err)
    assert found, err
    return Path(found[1])


@pytest.fixture
def finish(start):
    def finish_process(*arguments, **streams):
        with start(*arguments, **streams) as process:
            out, err = process.communicate()
            return process.returncode, out, err

    return finish_process


def leave_out_diagnoses(lines):
    """The lines that the original has: a network of four batches has something the matter."""
    return [line for line in lines if ": Diagnosis: " not in line]


def check_original(lines):
    assert len(lines) == len(ORIGINAL_LINES)
    for line, expected in zip(lines, ORIGINAL_LINES, strict=True):
        assert re.fullmatch(expected, line)


def read_results(folder):
    return json.loads((folder / "results.json").read_text())


def test_a_run_is_logged_and_recorded(finish, digits_folder, tmp_path):
    code, out, err = finish(*SHORT, "--out", str(tmp_path / "run"))
    assert code == 0
    assert kept_in(err) == tmp_path / "run"
    data, *log = leave_out_diagnoses(out.splitlines())
    assert data == (
        f"Data: {digits_folder.name}, folder {digits_folder}; "
        "220 training, 20 validation and 120 test images"
    )
    assert all(line.startswith("plain | ") for line in log[:6])
    check_original([line.removeprefix("plain | ") for line in log[:6]])
    assert log[6:8] == ["", TABLE_HEADER]
    assert re.fullmatch(r"plain +(\d\.\d{4} +){2}\d+/100 +\d+\.\d +\d+\.\d", log[8])
    assert re.fullmatch(rf"\d+\.\d s in all, on {digits_folder.name}, .*", log[9])
    assert len(log) == 10

    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "checkpoints",
        "config.json",
        "events.jsonl",
        "lock",
        "native.log",
        "results.json",
        "sessions.jsonl",
    }
    check_results(tmp_path / "run")


def check_results(folder):
    """The documented content, and the same from the stream replayed."""
    results = read_results(folder)
    assert results["schema"] == SCHEMA
    assert results["config"]["variants"] == ["plain"]
    assert results["config"]["batches"] == 4
    assert {"python", "tensorflow", "numpy", "threads", "cpu"} <= results["environment"].keys()
    assert results["data"].keys() == {"name", "source", "sha256"}
    plain = results["variants"]["plain"]
    assert plain["status"] == "done"
    assert 0 < plain["seconds_per_step"] <= plain["train_seconds"]
    assert len(plain["weights_sha256"]) == 64
    assert plain["hundred_accuracy"] == sum(plain["hundred_correct"]) / 100
    assert set(map(type, plain["hundred_correct"])) == {bool}
    assert len(plain["hundred_correct"]) == 100
    for accuracy in ("validation_accuracy", "test_accuracy"):
        assert 0 <= plain[accuracy] <= 1
    assert plain["validation_loss"] > 0

    history = RunHistory()
    for line in (folder / "events.jsonl").read_text().splitlines():
        history.add(from_json(line))
    told = {"forced": False, "differences": []}
    assert json.loads(json.dumps(history.as_results())) | told == results


def test_one_variant_in_sequence_is_the_bare_original_even_of_one_image(finish):
    code, out, err = finish(*SHORT, "--batch-size", "1", "--sequential")
    assert code == 0
    check_original(leave_out_diagnoses(out.splitlines()))
    # Without batch norm there is nothing to warn of.
    data, empty, header, *_ = leave_out_diagnoses(err.splitlines())
    assert data.startswith("Data: ")
    assert (empty, header) == ("", TABLE_HEADER)


def test_json_is_the_stream(finish):
    code, out, err = finish(*SHORT, "--log-format", "json")
    assert code == 0
    assert out == (kept_in(err) / "events.jsonl").read_text()
    events = [from_json(line) for line in out.splitlines()]
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunEnded)
    ended = [event for event in events if isinstance(event, VariantEnded)]
    assert [(event.variant, event.status) for event in ended] == [("plain", Status.DONE)]


def test_quiet_is_the_table_alone_and_a_diverged_variant_is_no_success(finish):
    code, out, err = finish(
        *("--batch-size", "8", "--lr", "1e30", "--batches", "50", "--probe-every", "0", "--quiet")
    )
    assert code == ExitCode.FAILED
    assert read_results(kept_in(err))["variants"]["plain"]["status"] == "diverged"
    empty, _header, _row, end, _total = out.splitlines()
    assert empty == ""
    assert re.fullmatch(r"plain diverged after \d+ batch(es)?.*", end)


def test_a_reader_that_leaves_ends_the_run_and_leaves_the_record_whole(start):
    with start(*ENDLESS) as process:
        head = [process.stdout.readline() for _ in range(3)]
        process.stdout.close()
        assert process.wait() == ExitCode.READER_GONE
        results = read_results(kept_in(process.stderr.read()))
    assert results["variants"]["plain"]["status"] == "stopped"
    assert head[0].startswith("Data: ")
    assert head[1].startswith("plain | Batch:  0: ")
    assert head[2].startswith("plain | Batch:  1: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_the_run_in_one_line(finish):
    with open("/dev/full", "w") as full:  # noqa: PTH123 -- a device
        code, _, err = finish(*ENDLESS, stdout=full)
    assert code == ExitCode.CANNOT_CREATE
    assert err == "bn-tui: standard output cannot be written (No space left on device)\n"


SIGNAL_CODES = [
    (signal.SIGINT, ExitCode.INTERRUPTED),
    (signal.SIGTERM, ExitCode.TERMINATED),
    (signal.SIGHUP, ExitCode.HUNG_UP),
]


@pytest.mark.parametrize(("number", "code"), SIGNAL_CODES)
def test_a_signal_stops_between_steps_and_reports_what_there_is(start, tmp_path, number, code):
    with start(*ENDLESS, "--out", str(tmp_path / "run")) as process:
        head = [process.stdout.readline() for _ in range(3)]
        process.send_signal(number)
        before = time.monotonic()
        out, err = process.communicate()
        assert time.monotonic() - before < 5
    assert process.returncode == code
    assert kept_in(err) == tmp_path / "run"
    assert head[1].startswith("plain | Batch:  0: Validation")
    assert re.search(r"^plain \| Stopped after \d+ batches$", out, re.MULTILINE)
    assert re.search(r"^plain stopped after \d+ batches, validated", out, re.MULTILINE)
    plain = read_results(tmp_path / "run")["variants"]["plain"]
    assert plain["status"] == "stopped"
    assert plain["steps"] >= 2
    assert plain["test_accuracy"] is None
    checkpoint, _ = load_latest(open_folder(tmp_path / "run"))
    assert checkpoint.states["plain"].steps == plain["steps"]


@pytest.mark.parametrize(("number", "code"), SIGNAL_CODES)
def test_a_signal_as_soon_as_there_is_a_folder_leaves_none(start, tmp_path, number, code):
    folder = tmp_path / "run"
    with start(*ENDLESS, "--out", str(folder)) as process:
        while not folder.exists():
            assert process.poll() is None
        process.send_signal(number)
        assert process.communicate() == ("", "")
    assert process.returncode == code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), SIGNAL_CODES)
def test_a_signal_while_tensorflow_loads_is_not_kept_waiting(start, number, code):
    with start(*ENDLESS) as process:
        assert process.stdout.readline().startswith("Data: ")
        process.send_signal(number)
        before = time.monotonic()
        out, err = process.communicate()
        assert time.monotonic() - before < 5
    assert process.returncode == code
    assert kept_in(err).is_dir()
    assert "plain | Stopped before the first batch\n" in out
    assert "stopped after 0 batches" in out


def test_a_signal_while_an_import_keeps_the_interpreter_leaves_no_endless_wait():
    program = (
        "import ctypes, signal, threading\n"
        "from bn_tui.config import ExperimentConfig\n"
        "from bn_tui.control import Control\n"
        "from bn_tui.engine.experiment import _Run\n"
        "from bn_tui.state import Resumption\n"
        "signal.signal(signal.SIGALRM, lambda *_: None)\n"
        "run = _Run(ExperimentConfig(), Control(), Resumption({}, frozenset(), 0.0, {}), None)\n"
        "threading.Timer(0.02, ctypes.PyDLL(None).usleep, [500_000]).start()\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\n"
        "list(run._take())\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=10)


def send_at_once(process, *numbers):
    """Have several signals arrive before the process can act on the first."""
    for number in (signal.SIGSTOP, *numbers, signal.SIGCONT):
        process.send_signal(number)


def test_the_second_signal_leaves_at_once(start):
    with start(*ENDLESS) as process:
        assert process.stdout.readline().startswith("Data: ")
        send_at_once(process, signal.SIGINT, signal.SIGTERM)
        assert process.communicate() == ("", "")
    assert process.returncode == ExitCode.TERMINATED


@pytest.fixture
def pipe():
    """The two ends of a pipe that holds no more than a page."""
    ends = os.pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
    yield ends
    for end in ends:
        os.close(end)


def wait_until_full(ours, theirs):
    assert select.select([ours], [], [], 60)[0]
    while select.select([], [theirs], [], 0)[1]:
        os.sched_yield()


def test_a_reader_that_reads_nothing_does_not_hold_up_a_signal(start, pipe, tmp_path):
    arguments = [*ENDLESS, "--out", str(tmp_path / "run")]
    with start(*arguments, stdout=pipe[1]) as process:
        wait_until_full(*pipe)
        process.send_signal(signal.SIGTERM)
        before = time.monotonic()
        _, err = process.communicate()
        assert time.monotonic() - before < 5
    assert process.returncode == ExitCode.TERMINATED
    assert kept_in(err) == tmp_path / "run"
    assert read_results(tmp_path / "run")["variants"]["plain"]["status"] == "stopped"


def test_who_reads_nothing_on_either_stream_cannot_hold_up_the_second_signal(start, pipe):
    with start(*ENDLESS, stdout=pipe[1], stderr=pipe[1]) as process:
        wait_until_full(*pipe)
        send_at_once(process, signal.SIGINT, signal.SIGTERM)
        assert process.wait(5) == ExitCode.TERMINATED


def test_a_signal_ignored_from_the_start_stays_ignored(start):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with start(*ENDLESS) as process:
            assert process.stdout.readline().startswith("Data: ")
            send_at_once(process, signal.SIGHUP, signal.SIGTERM)
            out, _ = process.communicate()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.returncode == ExitCode.TERMINATED
    assert "stopped after 0 batches" in out


@pytest.fixture
def terminal():
    """The two ends of a pseudo-terminal: who looks at it, and what the run takes for one."""
    ours, theirs = pty.openpty()
    open_ends = {ours, theirs}

    def close(end):
        if end in open_ends:
            open_ends.remove(end)
            os.close(end)

    yield ours, theirs, close
    close(ours)
    close(theirs)


def read_terminal(descriptor):
    """All that is printed until the other end is closed."""
    while True:
        try:
            chunk = os.read(descriptor, 4096)
        except OSError:  # how Linux says that nobody holds the other end any more
            return
        if not chunk:
            return
        yield chunk


def test_a_terminal_shows_progress_until_the_end_and_gets_its_cursor_back(start, terminal):
    ours, theirs, close = terminal
    with start(*SHORT, stdout=theirs, stderr=theirs) as process:
        close(theirs)
        shown = b"".join(read_terminal(ours)).decode()
        assert process.wait() == 0
    assert "4/4 batches" in shown
    assert shown.count("\x1b[?25h") >= shown.count("\x1b[?25l") > 0
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert "\x1b" not in shown[shown.index(TABLE_HEADER) :]
    assert "oneDNN" not in shown


def test_a_terminal_that_goes_away_leaves_the_record_whole(start, terminal, tmp_path):
    ours, theirs, close = terminal
    arguments = [*ENDLESS, "--out", str(tmp_path / "run")]
    with start(*arguments, stdout=theirs, stderr=theirs) as process:
        close(theirs)
        seen = b""
        for chunk in read_terminal(ours):
            seen += chunk
            if b"Batch:  1:" in seen:
                break
        close(ours)
        process.send_signal(signal.SIGHUP)  # it does not own the terminal, so we send it
        assert process.wait() == ExitCode.HUNG_UP
    assert read_results(tmp_path / "run")["variants"]["plain"]["status"] == "stopped"


def test_a_terminal_that_takes_nothing_more_does_not_hold_up_a_signal(start, terminal):
    ours, theirs, _ = terminal
    with start(*ENDLESS, stdout=theirs, stderr=theirs) as process:
        wait_until_full(ours, theirs)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == ExitCode.TERMINATED


def outcome_of(folder):
    """Each variant's rows and results, times aside."""
    times = ("seconds_per_step", "train_seconds", "probe_seconds")
    results = read_results(folder)["variants"]
    variants = {
        name: {k: v for k, v in values.items() if k not in times}
        for name, values in results.items()
    }
    untimed = {}
    for name, events in rows(folder).items():
        untimed[name] = [{k: v for k, v in row.items() if k not in times} for row in events]
    untimed[""] = [row for row in untimed[""] if row["event"] in ("DataLoaded", "SamplesChosen")]
    return variants, untimed


def test_a_run_that_sigterm_stops_is_resumed_to_the_outcome_of_a_whole_one(
    start, finish, digits_folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path))
    settings = ["--variants", "plain,manual", "--batches", "60", "--batch-size", "8"]
    settings += ["--log-every", "1", "--validate-every", "20", "--threads", "1"]
    settings += ["--probe-every", "0"]
    code, _, err = finish(*settings)
    assert code == 0
    whole = kept_in(err)
    with start(*settings) as process:
        while "Batch: 21:" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate()
    assert process.returncode == ExitCode.TERMINATED
    folder = kept_in(err)
    stopped = read_results(folder)["variants"]
    steps = [variant["steps"] for variant in stopped.values()]
    assert min(steps) < 60
    assert max(steps) > 0
    program = [sys.executable, "-m", "bn_tui", "--no-ui", "--resume", "latest"]
    done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert kept_in(done.stderr) == folder
    assert outcome_of(folder) == outcome_of(whole)
    again = subprocess.run(program, check=False, capture_output=True, text=True, timeout=100)
    assert again.returncode == ExitCode.USAGE
    assert "is finished after 60 batches" in again.stderr
