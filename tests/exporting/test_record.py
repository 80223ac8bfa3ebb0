import json

import pytest
from told_runs import started, story

from bn_tui.errors import DataFormatError, ExitCode, NoInputError
from bn_tui.events import to_json
from bn_tui.exporting.document import render_document
from bn_tui.exporting.output import write_file
from bn_tui.exporting.record import open_record


def write(folder, text):
    (folder / "events.jsonl").write_text(text)
    return folder


LINES = [to_json(event) for event in story()]


def test_every_event_is_read_as_it_was_written(told):
    assert [to_json(event) for event in told.events()] == LINES
    assert told.name == "run"
    assert told.began.isoformat() == "2026-03-04T05:06:07+00:00"


@pytest.mark.parametrize("end", [LINES[2][:20], LINES[2], "\0\0\0\n", '{"event": "Ne'])
def test_a_torn_last_line_is_left_out(end, tmp_path):
    record = open_record(write(tmp_path, f"{LINES[0]}\n{LINES[1]}\n{end}"))
    assert [to_json(event) for event in record.events()] == LINES[:2]


def test_a_line_in_the_middle_that_is_no_event_is_named(tmp_path):
    record = open_record(write(tmp_path, f"{LINES[0]}\nnonsense\n{LINES[1]}\n"))
    with pytest.raises(DataFormatError, match=r"events\.jsonl, line 2: "):
        list(record.events())


def test_what_is_no_run_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for folder, what in (
        (tmp_path / "nowhere", "found no folder"),
        (tmp_path / "file", "found no folder"),
        (tmp_path, r"found no events\.jsonl"),
    ):
        with pytest.raises(NoInputError, match=what) as refused:
            open_record(folder)
        assert refused.value.exit_code is ExitCode.NO_INPUT


@pytest.mark.parametrize("name", ["events.jsonl", "sessions.jsonl", "native.log"])
def test_a_link_is_not_followed(name, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    write(run, f"{LINES[0]}\n")
    (run / name).unlink(missing_ok=True)
    (tmp_path / "file").touch()
    (run / name).symlink_to(tmp_path / "file")
    with pytest.raises(DataFormatError, match=rf"{name}: a link \(to .*\) is not followed"):
        open_record(run)


def test_what_cannot_be_read_is_the_fault_of_the_run(told, tmp_path):
    (told.folder / "sessions.jsonl").mkdir()
    out = tmp_path / "run.json"
    with pytest.raises(NoInputError, match=r"run: cannot be read \(Is a directory\)") as refused:
        write_file(out, render_document(told))
    assert refused.value.exit_code is ExitCode.NO_INPUT
    assert not out.exists()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "expected RunStarted as its first line"),
        ("{", "expected RunStarted as its first line"),
        (f"{LINES[1]}\n", "line 1: a run begins with RunStarted, not DataLoaded"),
    ],
)
def test_a_record_without_a_beginning_is_refused(text, what, tmp_path):
    with pytest.raises(DataFormatError, match=what):
        open_record(write(tmp_path, text))


def test_a_record_of_a_newer_version_is_refused(record_of):
    with pytest.raises(DataFormatError, match="newer bn-tui: its events are of version 99"):
        record_of([started("plain", schema=99)])


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"config": {}}, r"events\.jsonl: it does not say batch_size, batches, data"),
        ({"started_at": "yesterday"}, "is not the record of a run .*yesterday"),
        ({"variants": ["../../plain"]}, r"no variant '\.\./\.\./plain'"),
        ({"batches": 0}, "--batches 0"),
    ],
)
def test_a_beginning_that_is_none_of_a_run_is_refused(changes, what, tmp_path):
    first = json.loads(LINES[0])
    for name, value in changes.items():
        (first if name in first else first["config"])[name] = value
    with pytest.raises(DataFormatError, match=what):
        open_record(write(tmp_path, json.dumps(first) + "\n"))


def test_settings_that_came_later_are_as_they_were_before(tmp_path):
    first = json.loads(LINES[0])
    for setting in ("bn_momentum", "probe_every"):
        del first["config"][setting]
    config = open_record(write(tmp_path, json.dumps(first) + "\n")).config
    assert (config.bn_momentum, config.probe_every) == (0.99, 0)


def test_a_variant_with_a_batch_size_of_its_own_is_one(record_of):
    assert record_of([started("group:2", "plain")]).config.variants == ("group:2", "plain")
