import errno
import json
import math
from contextlib import suppress

import pytest
from faulty_disk import Died, FaultyDisk

from bn_tui.errors import OutputError
from bn_tui.events import (
    DataLoaded,
    Phase,
    PhaseEntered,
    Role,
    RunEnded,
    RunStarted,
    ValidationEvaluated,
    from_json,
)
from bn_tui.files import DISK
from bn_tui.insight.summary import RunSummary
from bn_tui.records.folder import EVENTS_FILE, RESULTS_FILE
from bn_tui.records.recorder import Recorder

STARTED = RunStarted(
    seconds=0.0,
    schema=1,
    started_at="2024-01-01T00:00:00+00:00",
    config={"variants": ["plain"], "batches": 2, "test_data": None},
    environment={},
)
LOADING = PhaseEntered(seconds=0.1, variant="plain", phase=Phase.LOADING_DATA)
LOADED = DataLoaded(
    seconds=1.0,
    role=Role.TRAIN,
    name="digits",
    source="folder χ",
    sha256="ab",
    training_images=110,
    validation_images=10,
    test_images=20,
    validation_class_counts=(10,),
    test_class_counts=(20,),
)
VALIDATED = ValidationEvaluated(
    seconds=2.0, variant="plain", step=0, loss=math.inf, accuracy=0.1, final=False
)
ENDED = RunEnded(seconds=3.0, peak_memory_bytes=5)
STREAM = [STARTED, LOADING, LOADED, VALIDATED, ENDED]


def record(folder, events, disk=DISK):
    recorder = Recorder(folder, disk=disk)
    for event in events:
        recorder.handle(event)
    return recorder


def read_events(folder):
    text = (folder / EVENTS_FILE).read_text(encoding="utf-8")
    return [from_json(line) for line in text.splitlines()]


def test_the_stream_is_kept_whole_and_in_order(tmp_path):
    record(tmp_path, STREAM)
    assert read_events(tmp_path) == STREAM


def test_the_results_are_those_of_the_stream_replayed(tmp_path):
    record(tmp_path, STREAM)
    summary = RunSummary()
    for event in read_events(tmp_path):
        summary.add(event)
    results = json.loads((tmp_path / RESULTS_FILE).read_text(encoding="utf-8"))
    assert results.pop("variants")["plain"].pop("validation_loss") == "inf"
    expected = summary.as_results()
    del expected["variants"]
    assert results == expected | {"forced": False, "differences": []}
    names = ["config.json", EVENTS_FILE, RESULTS_FILE, "sessions.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_events_are_there_as_they_happen_and_results_only_at_the_end(tmp_path):
    recorder = record(tmp_path, STREAM[:-1])
    assert read_events(tmp_path) == STREAM[:-1]
    assert not (tmp_path / RESULTS_FILE).exists()
    recorder.handle(ENDED)
    assert (tmp_path / RESULTS_FILE).exists()


def test_nothing_is_written_before_the_data_are_there(tmp_path):
    record(tmp_path, [STARTED, LOADING])
    assert list(tmp_path.iterdir()) == []


def test_a_run_stopped_before_its_data_came_is_recorded_all_the_same(tmp_path):
    record(tmp_path, [STARTED, LOADING, ENDED])
    assert read_events(tmp_path) == [STARTED, LOADING, ENDED]
    assert json.loads((tmp_path / RESULTS_FILE).read_text())["data"] is None


def test_a_folder_that_went_away_is_an_output_error(tmp_path):
    recorder = record(tmp_path / "gone", [STARTED])
    with pytest.raises(OutputError, match=r"gone: cannot be written \(No such file"):
        recorder.handle(ENDED)


def test_what_the_run_is_comes_before_its_events(tmp_path):
    record(tmp_path, STREAM[:-1])
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert config == {
        "format": 1,
        "created_at": STARTED.started_at,
        "config": STARTED.config,
        "environment": {},
        "data": {"train": {"name": "digits", "source": "folder χ", "sha256": "ab"}},
    }
    (line,) = (tmp_path / "sessions.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "started_at": STARTED.started_at,
        "environment": {},
        "steps": {"plain": 0},
        "forced": False,
        "differences": [],
    }
    for at in range(100):
        folder = tmp_path / str(at)
        folder.mkdir()
        with suppress(Died):
            record(folder, STREAM, disk=FaultyDisk(at, Died))
        if (folder / EVENTS_FILE).exists():
            assert json.loads((folder / "config.json").read_text()) == config


def test_a_disk_that_fills_up_ends_the_recording_and_nothing_else(tmp_path):
    said = []
    disk = FaultyDisk()
    recorder = Recorder(tmp_path, report=lambda *failure: said.append(failure), disk=disk)
    for event in STREAM[:-1]:
        recorder.handle(event)
    disk.at, disk.for_good = len(disk.operations), True
    for _ in range(3):
        recorder.handle(VALIDATED)
    assert said == [("events.jsonl", "No space left on device")]
    assert not recorder.sync()
    disk.at = None
    recorder.handle(VALIDATED)
    recorder.handle(ENDED)
    text = (tmp_path / EVENTS_FILE).read_text()
    # The disk refused to cut the half line too, so it is torn; what came before is whole.
    assert [from_json(line) for line in text.splitlines()[:-1]] == STREAM[:-1]
    assert said == [("events.jsonl", "No space left on device")]
    assert json.loads((tmp_path / RESULTS_FILE).read_text())["seconds"] == ENDED.seconds


def test_half_a_line_is_cut_where_that_is_possible(tmp_path):
    disk = FaultyDisk()
    recorder = Recorder(tmp_path, disk=disk)
    for event in STREAM[:-1]:
        recorder.handle(event)
    disk.at = len(disk.operations)
    recorder.handle(VALIDATED)
    assert read_events(tmp_path) == STREAM[:-1]


def test_events_that_cannot_be_brought_to_the_disk_end_the_recording(tmp_path):
    said = []
    disk = FaultyDisk(fault=errno.EIO)
    recorder = Recorder(tmp_path, report=lambda *failure: said.append(failure), disk=disk)
    for event in STREAM[:-1]:
        recorder.handle(event)
    assert recorder.sync()
    disk.at = len(disk.operations)
    assert not recorder.sync()
    recorder.handle(VALIDATED)
    assert read_events(tmp_path) == STREAM[:-1]
    assert said == [("events.jsonl", "Input/output error")]


def test_a_folder_that_cannot_be_written_is_an_error_while_nothing_is_recorded(tmp_path):
    recorder = Recorder(tmp_path, disk=FaultyDisk(0, errno.EROFS))
    recorder.handle(STARTED)
    with pytest.raises(OutputError, match=r"cannot be written \(Read-only file system\)") as raised:
        recorder.handle(ENDED)
    assert raised.value.exit_code == 73
