"""A run and the folder that keeps it as one stream, over a scripted run without TensorFlow."""

import errno
import json
import subprocess
import sys
from functools import partial

import pytest
from faulty_disk import FaultyDisk
from records.scripted_run import CONFIG, ScriptedRun, rows

from bn_tui.control import Control
from bn_tui.errors import ChangedError, DataFormatError, ExitCode, LockedError, OutputError
from bn_tui.events import (
    DataLoaded,
    ResumptionNoted,
    RunEnded,
    RunStarted,
    SamplesChosen,
    SavingFailed,
    Status,
    StepTrained,
    VariantEnded,
)
from bn_tui.records.folder import CHECKPOINTS_FOLDER, EVENTS_FILE, RESULTS_FILE, RunFolder
from bn_tui.running import keeping
from bn_tui.running.keeping import keep
from bn_tui.running.session import Ending
from bn_tui.running.wire import Order


@pytest.fixture
def script(monkeypatch):
    """Have runs follow their settings instead of training; the options are ScriptedRun's."""

    def use(**options):
        def run(config, _control, *, resumption=None, keep=None):
            keep = keep or (lambda _state: None)
            return ScriptedRun(config, resumption, keep, **options).events()

        monkeypatch.setattr(keeping, "run", run)

    use()
    return use


@pytest.fixture
def disk(script, monkeypatch):
    """Have record and checkpoints written to disks that fail as these say."""

    def use(*, record=None, checkpoints=None):
        for name, faulty in (("Recorder", record), ("Checkpointer", checkpoints)):
            if faulty is not None:
                kind = getattr(keeping, name)
                monkeypatch.setattr(keeping, name, partial(kind, disk=faulty))

    return use


def train(folder, **order):
    """Keep a run to its end; what was recalled, and what is new."""
    with keep(Order(config=CONFIG, folder=folder, **order)) as training:
        return list(training.recall()), list(training.train(Control()))


@pytest.fixture
def whole(script, tmp_path):
    """The folder of a run that nothing has interrupted."""
    folder = tmp_path / "whole"
    folder.mkdir()
    train(folder)
    return folder


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


def steps(events):
    return [(event.variant, event.step) for event in events if isinstance(event, StepTrained)]


def test_a_new_run_recalls_nothing_and_states_all(script, folder):
    recalled, new = train(folder)
    assert recalled == []
    assert isinstance(new[0], RunStarted)
    assert isinstance(new[-1], RunEnded)
    assert len(steps(new)) == len(CONFIG.variants) * CONFIG.batches
    assert RunFolder(folder).results.exists()


def test_a_run_that_keeps_nothing_writes_nothing(script, tmp_path):
    recalled, new = train(None)
    assert recalled == []
    assert isinstance(new[-1], RunEnded)
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_run_recalls_what_it_has_and_states_what_is_new(script, folder, whole):
    script(stop=1)
    train(folder)
    script()
    recalled, new = train(folder, resumes=True)
    assert [type(event) for event in recalled].count(RunStarted) == 1
    assert sorted(steps(recalled)) == [
        (name, step) for name in ("layers", "plain") for step in (0, 1)
    ]
    assert sorted(steps(new)) == [(name, step) for name in ("layers", "plain") for step in (2, 3)]
    assert not any(isinstance(event, VariantEnded | RunEnded) for event in recalled)
    assert not any(isinstance(event, RunStarted | DataLoaded | SamplesChosen) for event in new)
    assert isinstance(new[-1], RunEnded)
    assert rows(folder) == rows(whole)


def test_a_run_without_the_beginning_of_its_record_states_it_anew(script, folder, whole):
    train(folder)
    RunFolder(folder).events.write_bytes(b"")
    recalled, new = train(folder, resumes=True, force=True)
    assert recalled == []
    beginning = [event for event in new if isinstance(event, RunStarted | DataLoaded)]
    assert [type(event) for event in beginning] == [RunStarted, DataLoaded]
    assert rows(folder) == rows(whole)


def test_a_longer_run_goes_on_with_the_changed_setting(script, folder):
    train(folder)
    with keep(
        Order(config=CONFIG, folder=folder, resumes=True, changes={"batches": 6})
    ) as training:
        assert training.config.batches == 6
        recalled = list(training.recall())
        new = list(training.train(Control()))
    assert recalled[0].config["batches"] == 6
    assert sorted({step for _, step in steps(new)}) == [4, 5]


def test_what_is_other_than_it_was_is_refused_and_changes_nothing(script, folder):
    script(stop=1)
    train(folder)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    script(environment={"tensorflow": "3.0.0", "threads": 2})
    with pytest.raises(ChangedError, match="tensorflow"):
        train(folder, resumes=True)
    assert before == {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    _, new = train(folder, resumes=True, force=True)
    assert isinstance(new[-1], RunEnded)
    results = json.loads(RunFolder(folder).results.read_text())
    assert results["forced"] is True
    said = ["tensorflow 2.21.0 → 3.0.0", "cpu flags avx2 → none"]
    assert (results["differences"], forced(new)) == (said, said)


def forced(events):
    return [event.text for event in events if isinstance(event, ResumptionNoted) and event.forced]


def test_how_a_run_goes_on_is_told_and_not_recorded(script, folder, whole):
    script(stop=1)
    train(folder)
    lines = RunFolder(folder).events.read_bytes().splitlines(keepends=True)
    lines[-4] = b"nonsense\n"
    RunFolder(folder).events.write_bytes(b"".join(lines))
    script(stop=2)
    with pytest.raises(DataFormatError, match="--force goes on all the same"):
        train(folder, resumes=True)
    _, new = train(folder, resumes=True, force=True)
    assert forced(new)[0].startswith(f"events.jsonl, line {len(lines) - 3}: ")
    notes = [event.text for event in new if isinstance(event, ResumptionNoted) and not event.forced]
    assert any("starts anew" in note for note in notes)
    script()
    _, last = train(folder, resumes=True)
    assert forced(last) == forced(new)  # for good, though nothing is damaged any more
    assert rows(folder) == rows(whole)


def test_what_was_forced_is_told_of_a_run_without_its_beginning_too(script, folder):
    train(folder)
    RunFolder(folder).events.unlink()
    _, new = train(folder, resumes=True, force=True)
    assert isinstance(new[0], RunStarted)
    assert all("does not reach checkpoint" in text for text in forced(new))
    assert forced(new)


def failures_of(events):
    ending = Ending()
    for event in events:
        ending.handle(event)
    failed = [event for event in events if isinstance(event, SavingFailed)]
    return [(event.what, event.reason) for event in failed], ending.code


def check_whole(events):
    """Training goes on whatever is not saved, and whoever watches is told before the end."""
    assert len(steps(events)) == len(CONFIG.variants) * CONFIG.batches
    ends = [event.status for event in events if isinstance(event, VariantEnded)]
    assert ends == [Status.DONE] * len(CONFIG.variants)
    assert isinstance(events[-1], RunEnded)


def test_checkpoints_that_cannot_be_saved_are_told_and_the_run_goes_on(disk, folder, whole):
    disk(checkpoints=FaultyDisk(0, errno.ENOSPC, for_good=True))
    _, events = train(folder)
    assert failures_of(events) == (
        [(CHECKPOINTS_FOLDER, "No space left on device")],
        ExitCode.CANNOT_CREATE,
    )
    check_whole(events)
    assert SavingFailed.__name__ in RunFolder(folder).events.read_text()


def test_events_that_cannot_be_saved_are_told_and_the_run_goes_on(disk, folder):
    writes = FaultyDisk()
    disk(record=writes)
    train(folder)
    last = len(writes.operations) - 1 - writes.operations[::-1].index("append")
    other = folder.with_name("other")
    other.mkdir()
    disk(record=FaultyDisk(last + 5, errno.EIO, for_good=True))
    _, events = train(other)
    failed, code = failures_of(events)
    assert (EVENTS_FILE, "Input/output error") in failed
    assert (RESULTS_FILE, "Input/output error") in failed
    assert code is ExitCode.CANNOT_CREATE
    check_whole(events)


def test_a_folder_that_cannot_be_written_at_all_is_refused(disk, folder):
    disk(record=FaultyDisk(0, errno.ENOSPC, for_good=True))
    with pytest.raises(OutputError, match="No space left on device"):
        train(folder)


def test_a_run_that_another_process_has_begun_meanwhile_is_not_written_over(script, folder, whole):
    train(folder)
    with pytest.raises(OutputError, match="run: holds a run already; name a new folder") as raised:
        train(folder)
    assert raised.value.exit_code is ExitCode.CANNOT_CREATE
    assert rows(folder) == rows(whole)


HOLDER = """
import sys
from pathlib import Path
from bn_tui.records.folder import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("resumes", [False, True])
def test_a_run_that_another_process_writes_is_refused_with_its_name(script, folder, resumes):
    if resumes:
        script(stop=1)
        train(folder)
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"process {holder.pid} is writing") as raised:
            train(folder, resumes=resumes)
    assert raised.value.exit_code == ExitCode.LOCKED == 75
    train(folder, resumes=resumes)  # it is free again
