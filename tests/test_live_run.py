"""A run in a thread of its own, over hand-built events and without TensorFlow."""

import threading

import pytest

from bn_tui.config import ExperimentConfig
from bn_tui.engine import experiment
from bn_tui.errors import DataUnavailableError, ExitCode, OutputError
from bn_tui.events import (
    DataLoaded,
    Phase,
    PhaseEntered,
    Role,
    RunEnded,
    RunStarted,
    Status,
    VariantEnded,
    from_json,
)
from bn_tui.live_run import LiveRun
from bn_tui.session import native_log

CONFIG = ExperimentConfig(variants=("plain",))
STARTED = RunStarted(seconds=0.0, schema=1, started_at="", config=CONFIG.as_dict(), environment={})
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
BUILDING = PhaseEntered(seconds=1.5, variant="plain", phase=Phase.BUILDING)
DONE = VariantEnded(seconds=2.0, variant="plain", status=Status.DONE, steps=1)
ENDED = RunEnded(seconds=3.0, peak_memory_bytes=5)


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Start a run that states these events; one that can be called is called in its turn."""

    def start_run(*events, out=None):
        def run(_config, control):
            for event in events:
                if callable(event):
                    event(control)
                else:
                    yield event

        monkeypatch.setattr(experiment, "run", run)
        return LiveRun(CONFIG, noise, out=out)

    with (tmp_path / "noise").open("w+b") as noise:
        yield start_run


def wait(run):
    run._thread.join(10)
    assert run.ended


def test_events_come_in_order_and_at_most_as_many_as_asked_for(start):
    run = start(STARTED, LOADED, BUILDING, DONE, ENDED)
    wait(run)
    assert run.take(2) == [STARTED, LOADED]
    assert run.take(9) == [BUILDING, DONE, ENDED]
    assert run.take(9) == []
    assert run.ending.code is ExitCode.OK


def test_an_error_that_can_be_mended_is_kept_for_whoever_looks(start):
    def fail(_control):
        raise DataUnavailableError("no mirror")

    run = start(STARTED, fail)
    wait(run)
    assert str(run.error) == "no mirror"
    assert run.take(9) == [STARTED]


def test_a_fault_is_raised_where_events_are_taken_and_stays_known(start):
    def fail(_control):
        raise ZeroDivisionError

    run = start(STARTED, fail)
    wait(run)
    assert isinstance(run.fault, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        run.take(9)


def test_a_run_that_does_not_stop_in_time_has_a_whole_record_all_the_same(start, tmp_path):
    hanging, go_on = threading.Event(), threading.Event()

    def hang(_control):
        hanging.set()
        go_on.wait(20)

    run = start(STARTED, LOADED, BUILDING, hang, DONE, ENDED, out=tmp_path)
    assert hanging.wait(10)
    run.close()
    go_on.set()
    wait(run)
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    *_, ended, last = map(from_json, lines)
    assert (ended.variant, ended.status) == ("plain", Status.STOPPED)
    assert isinstance(last, RunEnded)
    assert (tmp_path / "results.json").exists()


def test_native_output_is_the_end_of_what_was_printed(start, tmp_path):
    run = start(STARTED, ENDED)
    wait(run)
    (tmp_path / "noise").write_bytes(b"first\nlast\n")
    assert run.native_output(100) == "first\nlast\n"
    assert run.native_output(5) == "last\n"


def test_a_refusal_after_a_run_was_kept_leaves_its_native_log(tmp_path):
    def refuse():
        with native_log(tmp_path) as log:
            log.write(b"chatter")
            (tmp_path / "events.jsonl").write_text("")
            raise DataUnavailableError("no mirror")

    with pytest.raises(DataUnavailableError):
        refuse()
    assert (tmp_path / "native.log").read_bytes() == b"chatter"


def test_a_folder_that_cannot_take_the_record_ends_the_run(start, tmp_path):
    run = start(STARTED, LOADED, BUILDING, DONE, ENDED, out=tmp_path / "gone")
    wait(run)
    assert isinstance(run.error, OutputError)
