import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from records.scripted_run import drive

from bn_tui.errors import (
    DataFormatError,
    ExitCode,
    LockedError,
    NoInputError,
    OutputError,
    UsageError,
)
from bn_tui.records.folder import (
    RunFolder,
    discard_unused,
    lock,
    make_folder,
    open_folder,
    prepare_folder,
    runs_folder,
)

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)

HOLDER = """
import sys
from pathlib import Path
from bn_tui.records.folder import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_named_by_its_time_and_two_words(monkeypatch, tmp_path):
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path / "state"))
    folder = make_folder(NOW)
    assert folder.parent == runs_folder() == tmp_path / "state" / "runs"
    assert re.fullmatch(r"2026-11-23-1432-[a-z]+-[a-z]+", folder.name)
    assert list(folder.iterdir()) == []


def test_runs_are_kept_in_the_users_state_folder_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("BN_TUI_STATE", "")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert runs_folder().is_relative_to(tmp_path)
    assert runs_folder().parts[-2:] == ("bn-tui", "runs")


def test_names_that_are_taken_are_passed_over(monkeypatch, tmp_path):
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path))
    chosen = iter([b"\0" * 8, b"\0" * 8, b"\1" * 8])
    monkeypatch.setattr(os, "urandom", lambda _: next(chosen))
    assert make_folder(NOW) != make_folder(NOW)
    assert len(list(runs_folder().iterdir())) == 2


def test_a_place_that_cannot_be_written_is_one_line(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BN_TUI_STATE", str(tmp_path / "file"))
    with pytest.raises(OutputError, match=r"cannot be written \(Not a directory\); --out FOLDER"):
        make_folder()


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


@pytest.mark.parametrize(
    "name", ["config.json", "events.jsonl", "results.json", "native.log", "checkpoints"]
)
def test_a_folder_that_holds_a_run_is_refused(name, tmp_path):
    (tmp_path / name).symlink_to("nowhere")
    with pytest.raises(OutputError, match=rf"holds {name} already; name a new folder"):
        prepare_folder(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"sub: cannot be created \(Not a directory\)"):
        prepare_folder(tmp_path / "file" / "sub")


def test_an_unused_folder_is_removed_and_a_used_one_is_not(tmp_path):
    unused, used = tmp_path / "unused", tmp_path / "used"
    for folder in (unused, used):
        folder.mkdir()
        (folder / "native.log").touch()
    (used / "events.jsonl").touch()
    for folder in (unused, used):
        discard_unused(folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "events.jsonl",
        "native.log",
        "used",
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "no such run"),
        (lambda path: path.touch(), "expected the folder of a run, got a file"),
        (lambda path: path.mkdir(), "holds no run"),
    ],
)
def test_what_is_no_run_is_refused(make, message, tmp_path):
    make(tmp_path / "run")
    with pytest.raises(NoInputError, match=message) as raised:
        open_folder(tmp_path / "run")
    assert raised.value.exit_code == ExitCode.NO_INPUT == 66


@pytest.mark.parametrize(
    "name",
    [
        "config.json",
        "events.jsonl",
        "results.json",
        "sessions.jsonl",
        "native.log",
        "lock",
        "checkpoints",
    ],
)
def test_a_link_out_of_the_folder_is_not_followed(name, tmp_path):
    outside, path = tmp_path / "outside", tmp_path / "run"
    path.mkdir()
    drive(path)
    (path / "native.log").touch()
    (path / "lock").touch()
    (path / name).rename(outside)
    (path / name).symlink_to(outside)
    with pytest.raises(DataFormatError, match=rf"{name}: a link \(to .*outside\) is not followed"):
        open_folder(path)


def test_a_run_from_a_newer_version_is_refused(tmp_path):
    drive(tmp_path)
    config = tmp_path / "config.json"
    config.write_text(config.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(DataFormatError, match="format 2 is of a newer bn-tui") as raised:
        open_folder(tmp_path)
    assert raised.value.exit_code == ExitCode.DATA_FORMAT == 65


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": "2"}', "[" * 100_000], ids=["empty", "list", "text", "deep"]
)
def test_damaged_settings_keep_nobody_from_the_events(content, tmp_path):
    drive(tmp_path)
    (tmp_path / "config.json").write_text(content)
    assert open_folder(tmp_path) == RunFolder(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "config.json")
    with pytest.raises(DataFormatError, match="expected a file"):
        open_folder(tmp_path)


def test_a_second_process_is_refused_and_told_which_is_the_first(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(LockedError, match=f"process {holder.pid} is writing this run") as raised,
            lock(tmp_path),
        ):
            pytest.fail("two processes hold the lock")
        holder.kill()
    assert raised.value.exit_code == ExitCode.LOCKED == 75
    with lock(tmp_path):
        assert int((tmp_path / "lock").read_text()) == os.getpid()
    with lock(tmp_path):
        pass


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    outside = tmp_path / "outside"
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "lock").symlink_to(outside)
    with pytest.raises(DataFormatError, match="not followed"), lock(tmp_path / "run"):
        pytest.fail("locked outside")
    assert not outside.exists()


def test_a_folder_that_cannot_be_locked_is_an_output_error(tmp_path):
    with (
        pytest.raises(OutputError, match=r"cannot be written \(No such file"),
        lock(tmp_path / "x"),
    ):
        pytest.fail("locked nothing")


def test_paths_are_within_the_folder(tmp_path):
    folder = RunFolder(tmp_path)
    names = ["config", "events", "results", "sessions", "lock", "checkpoints"]
    assert {getattr(folder, name).parent for name in names} == {tmp_path}
