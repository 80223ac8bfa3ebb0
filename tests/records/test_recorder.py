import json
import math

import pytest

from bn_tui.errors import OutputError, UsageError
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
from bn_tui.insight.summary import RunSummary
from bn_tui.records.recorder import EVENTS_FILE, RESULTS_FILE, Recorder, prepare_folder

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


def record(folder, events):
    recorder = Recorder(folder)
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
    assert results == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == [EVENTS_FILE, RESULTS_FILE]


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


def test_a_new_folder_is_made_with_its_parents(tmp_path):
    prepare_folder(tmp_path / "runs" / "first")
    assert (tmp_path / "runs" / "first").is_dir()


def test_a_folder_with_other_files_is_taken_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    prepare_folder(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_is_refused(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match="expected a folder, new or empty, got a file"):
        prepare_folder(file)


def test_a_folder_that_holds_a_run_is_refused(tmp_path):
    record(tmp_path, STREAM)
    with pytest.raises(OutputError, match=r"holds events\.jsonl already; name a new folder"):
        prepare_folder(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(OutputError, match=r"sub: cannot be created \(Not a directory\)"):
        prepare_folder(file / "sub")
