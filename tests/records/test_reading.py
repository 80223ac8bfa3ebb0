"""Reading events back: torn lines, lines that are none, files that grow or are replaced."""

from dataclasses import replace

import pytest
from kept_runs import STARTED, step, write

from bn_tui.errors import DataFormatError
from bn_tui.events import to_json
from bn_tui.records.reading import EventReader

MANY = 1000


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "2026-11-23-1432-calm-otter"


@pytest.fixture
def append(folder):
    def append(text):
        with (folder / "events.jsonl").open("a") as file:
            file.write(text)

    return append


def line(event):
    return f"{to_json(event)}\n"


def test_what_was_written_is_read_in_order_and_in_parts(folder):
    events = [STARTED, *map(step, range(2000))]
    reader = EventReader(write(folder, events))
    taken = []
    while part := reader.read(300):
        assert len(part) <= 300
        taken += part
    assert taken == events


def test_what_is_appended_is_read_once_it_is_whole(folder, append):
    reader = EventReader(write(folder, [STARTED]))
    assert reader.read(MANY) == [STARTED]
    assert reader.read(MANY) == []
    text = line(step(0))
    append(text[:20])
    assert reader.read(MANY) == []
    append(text[20:])
    assert reader.read(MANY) == [step(0)]


def test_a_file_that_is_not_there_yet_is_waited_for(folder):
    reader = EventReader(folder)
    assert reader.read(MANY) == []
    write(folder, [STARTED])
    assert reader.read(MANY) == [STARTED]


def test_a_bad_last_line_is_passed_over_until_another_follows(folder, append):
    reader = EventReader(write(folder, [STARTED, step(0)]))
    append("\0\0\0\n")
    assert reader.read(MANY) == [STARTED, step(0)]
    assert reader.read(MANY) == []
    append(line(step(1)))
    with pytest.raises(DataFormatError, match=r"events\.jsonl, line 3: "):
        reader.read(MANY)


def test_what_comes_before_a_bad_line_is_given_first(folder, append):
    reader = EventReader(write(folder, [STARTED, step(0)]))
    append(f"{{}}\n{line(step(1))}")
    assert reader.read(MANY) == [STARTED, step(0)]
    with pytest.raises(DataFormatError, match="line 3: no event is called None"):
        reader.read(MANY)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "\xff", '{"event": "Gone"}'], ids=["deep", "no JSON", "unknown"]
)
def test_a_line_that_is_no_event_is_a_format_error(folder, append, text):
    write(folder, [STARTED])
    append(f"{text}\n{line(step(0))}")
    reader = EventReader(folder)
    reader.read(1)
    with pytest.raises(DataFormatError, match="line 2"):
        reader.read(MANY)


def test_another_file_in_its_place_is_read_from_the_beginning(folder):
    reader = EventReader(write(folder, [STARTED, *map(step, range(5))]))
    reader.read(MANY)
    (folder / "new").write_text(line(STARTED) + line(step(0)))
    (folder / "new").replace(folder / "events.jsonl")
    assert reader.read(MANY) == [STARTED, step(0)]


def test_a_file_that_was_cut_is_read_from_the_beginning(folder):
    reader = EventReader(write(folder, [STARTED, *map(step, range(5))]))
    reader.read(MANY)
    write(folder, [STARTED, step(0)])
    assert reader.read(MANY) == [STARTED, step(0)]


def test_a_replaced_file_is_noticed_behind_a_bad_last_line(folder, append):
    reader = EventReader(write(folder, [STARTED]))
    append("half an ev\n")
    assert reader.read(MANY) == [STARTED]
    (folder / "new").write_text(line(STARTED) + line(step(0)))
    (folder / "new").replace(folder / "events.jsonl")
    assert reader.read(MANY) == [STARTED, step(0)]


def test_a_newer_version_is_refused(folder):
    reader = EventReader(write(folder, [replace(STARTED, schema=99)]))
    with pytest.raises(DataFormatError, match="newer bn-tui: its events are of version 99"):
        reader.read(MANY)


def test_a_stream_without_its_beginning_is_refused(folder):
    with pytest.raises(DataFormatError, match="line 1: a run begins with RunStarted, not StepTr"):
        EventReader(write(folder, [step(0)])).read(MANY)


def test_a_link_is_not_followed(folder, tmp_path):
    write(tmp_path / "elsewhere", [STARTED])
    folder.mkdir()
    (folder / "events.jsonl").symlink_to(tmp_path / "elsewhere" / "events.jsonl")
    with pytest.raises(DataFormatError, match="symbolic link"):
        EventReader(folder).read(MANY)
