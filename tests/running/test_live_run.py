"""A run in a process of its own, over hand-built events and without TensorFlow."""

import sys
from dataclasses import replace

import pytest
from kept_runs import write

from bn_tui.config import ExperimentConfig
from bn_tui.errors import (
    BrokenRunError,
    DataFormatError,
    DataUnavailableError,
    ExitCode,
    OutputError,
    UsageError,
)
from bn_tui.events import (
    SCHEMA,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    Status,
    StepTrained,
    VariantEnded,
    to_json,
)
from bn_tui.records.excerpt import Excerpt
from bn_tui.running.live_run import LiveRun
from bn_tui.running.session import native_log
from bn_tui.running.wire import Breakdown, Order, Recall, Refusal

CONFIG = ExperimentConfig(variants=("plain",))
STARTED = RunStarted(
    seconds=0.0, schema=SCHEMA, started_at="", config=CONFIG.as_dict(), environment={}
)
BUILDING = PhaseEntered(seconds=1.5, variant="plain", phase=Phase.BUILDING)
DONE = VariantEnded(seconds=2.0, variant="plain", status=Status.DONE, steps=1)
FAILED = VariantEnded(
    seconds=2.0, variant="plain", status=Status.FAILED, steps=1, reason="no", details="Traceback\n"
)
ENDED = RunEnded(seconds=3.0, peak_memory_bytes=5)


@pytest.fixture
def start(tmp_path):
    """Start a run whose process takes its order, prints these events, and does as `then` says."""
    runs = []

    def start_run(*events, then="", name="the run", recalls=None, recorded=()):
        lines = "".join(f"{to_json(event)}\n" for event in events)
        if recalls is not None:
            lines = Recall(recalls).to_line() + lines
        program = (
            "import os, signal, sys\n"
            "order = sys.stdin.readline()\n"
            f"print({lines!r}, end='', flush=True)\n"
            f"{then}\n"
        )
        folder = tmp_path / name
        write(folder, recorded)
        order = Order(config=CONFIG, folder=folder)
        runs.append(LiveRun(order, command=[sys.executable, "-c", program]))
        return runs[-1]

    yield start_run
    for run in runs:
        run.abandon()


def wait(run):
    run._thread.join(20)
    assert run.ended


def test_events_come_in_order_and_at_most_as_many_as_asked_for(start):
    run = start(STARTED, BUILDING, DONE, ENDED)
    wait(run)
    assert run.take(2) == [STARTED, BUILDING]
    assert run.take(9) == [DONE, ENDED]
    assert run.take(9) == []
    assert run.ending.code is ExitCode.OK
    assert run.error is None


def test_its_clock_is_that_of_its_events_and_stands_still_at_the_end(start):
    run = start(replace(STARTED, seconds=1.5), ENDED)
    wait(run)
    assert 1.5 <= run.now() < 20
    assert run.now() == run.now()


def test_the_clock_of_a_run_that_goes_on_is_that_of_its_events(start):
    run = start(STARTED, replace(BUILDING, seconds=1000.0), replace(ENDED, seconds=1000.5))
    wait(run)
    assert 1000.5 <= run.now() < 1020


def test_a_run_that_goes_on_begins_with_what_its_record_keeps(start, tmp_path):
    going_on = replace(STARTED, config=CONFIG.as_dict() | {"batches": 9})
    excerpt = Excerpt(lines=4, events={"plain": 1}, config=going_on.config)
    step = StepTrained(
        seconds=1.75, variant="plain", step=0, loss=0.5, accuracy=0.5, step_seconds=0.1
    )
    run = start(replace(step, step=1), ENDED, recalls=excerpt, recorded=[STARTED, BUILDING, step])
    wait(run)
    assert run.recalling
    assert run.take(1) == [going_on]
    assert run.take(9) == [BUILDING, replace(step, step=1), ENDED]
    assert not run.recalling
    assert run.summary.variants["plain"].steps == 2


def test_how_a_recorded_variant_ended_counts_for_the_exit_code(start):
    diverged = replace(DONE, status=Status.DIVERGED)
    excerpt = Excerpt(lines=2, events={"plain": 1}, config=CONFIG.as_dict())
    run = start(ENDED, recalls=excerpt, recorded=[STARTED, diverged])
    run.finish()
    assert run.ending.code is ExitCode.FAILED


def test_a_record_that_is_gone_is_an_error_of_the_run(start):
    excerpt = Excerpt(lines=2, events={"plain": 1}, config=CONFIG.as_dict())
    run = start(ENDED, recalls=excerpt, recorded=[BUILDING, STARTED])
    wait(run)
    assert run.take(9) == [ENDED]
    assert "a run begins with RunStarted" in str(run.error)


def test_an_answer_that_nobody_understands_is_told(start):
    run = start(STARTED, then="print('what?')")
    wait(run)
    assert "it said 'what?'" in str(run.error)


def test_the_order_names_settings_and_folder(start):
    run = start(then="sys.stderr.write(order)")
    wait(run)
    assert Order.from_line(run.native_output(9999)) == Order(config=CONFIG, folder=run.folder)


@pytest.mark.parametrize(
    "kind", [UsageError, DataFormatError, DataUnavailableError, OutputError], ids=str
)
def test_a_refusal_is_kept_as_the_error_that_it_was(start, kind):
    refusal = Refusal("this will not do", kind.exit_code)
    run = start(STARTED, then=f"print({refusal.to_line()!r}, end='')")
    wait(run)
    assert type(run.error) is kind
    assert str(run.error) == "this will not do"
    assert run.take(9) == [STARTED]


def test_a_breakdown_names_its_last_line_and_keeps_the_traceback(start):
    traceback = "Traceback\n  somewhere\nZeroDivisionError: by nought\n"
    run = start(STARTED, then=f"print({Breakdown(traceback).to_line()!r}, end='')")
    wait(run)
    assert isinstance(run.error, BrokenRunError)
    assert str(run.error) == "the training process broke: ZeroDivisionError: by nought"
    assert run.ending.tracebacks == [traceback]


def test_a_process_that_is_killed_says_so_and_shows_what_it_printed_last(start):
    run = start(
        STARTED,
        then="sys.stderr.write('out of memory'); sys.stderr.flush()\n"
        "os.kill(os.getpid(), signal.SIGKILL)",
    )
    wait(run)
    assert str(run.error).endswith("it was ended by SIGKILL, perhaps for want of memory")
    assert run.ending.tracebacks == ["out of memory"]
    assert run.take(9) == [STARTED]


def test_a_process_that_ends_without_a_word_has_broken(start):
    run = start(STARTED, then="sys.exit(3)")
    wait(run)
    assert str(run.error) == "the training process broke: it ended with code 3"


def test_half_a_line_is_no_event(start):
    half = to_json(BUILDING)[:20]
    run = start(STARTED, then=f"print({half!r}, end='')")
    wait(run)
    assert run.take(9) == [STARTED]
    assert isinstance(run.error, BrokenRunError)


def test_one_that_failed_ends_with_its_traceback(start):
    run = start(STARTED, FAILED, ENDED)
    run.finish()
    assert run.ending.code is ExitCode.FAILED
    assert run.ending.tracebacks == ["Traceback\n"]


def test_what_is_commanded_arrives(start):
    run = start(STARTED, then="sys.stderr.writelines(sys.stdin.readline() for _ in range(4))")
    run.control.pause("plain")
    run.control.resume("plain")
    run.control.stop_variant("plain")
    run.control.stop()
    wait(run)
    commands = ['["pause", "plain"]', '["resume", "plain"]', '["stop_variant", "plain"]']
    assert run.native_output(9999).splitlines() == [*commands, '["stop"]']
    assert run.error is None  # it was asked to


def test_one_that_does_not_stop_is_ended(start):
    run = start(STARTED, then="signal.pause()")
    run.finish(0.1)
    assert run.ended
    assert run.error is None


def test_to_steer_one_that_has_ended_does_nothing(start):
    run = start(STARTED, ENDED)
    wait(run)
    run.control.pause("plain")
    run.finish()
    assert run.control.stop_requested


def test_native_output_is_the_end_of_what_was_printed(start):
    run = start(STARTED, ENDED, then="sys.stderr.write('first\\nlast\\n')")
    wait(run)
    assert run.native_output(100) == "first\nlast\n"
    assert run.native_output(5) == "last\n"


def test_what_each_run_prints_is_kept_in_its_own_folder(start):
    runs = [start(STARTED, then=f"sys.stderr.write({name!r})", name=name) for name in ("a", "b")]
    for run in runs:
        wait(run)
    assert [run.native_output(100) for run in runs] == ["a", "b"]
    assert [(run.folder / "native.log").read_text() for run in runs] == ["a", "b"]


def test_a_folder_that_cannot_take_what_is_printed_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"gone: cannot be written \(No such file or directory"):
        LiveRun(Order(config=CONFIG, folder=tmp_path / "gone"))


def test_a_refusal_after_a_run_was_kept_leaves_its_native_log(tmp_path):
    def refuse():
        with native_log(tmp_path) as log:
            log.write(b"chatter")
            (tmp_path / "events.jsonl").write_text("")
            raise DataUnavailableError("no mirror")

    with pytest.raises(DataUnavailableError):
        refuse()
    assert (tmp_path / "native.log").read_bytes() == b"chatter"
