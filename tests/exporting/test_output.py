import os
import re
from pathlib import Path

import pytest

from bn_tui.errors import ExitCode, OutputError
from bn_tui.exporting.output import check_file, check_folder, write_file, write_folder


def is_ours(name):
    return name.startswith("ours")


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_that_is_there_is_replaced_by_force_alone(tmp_path):
    path = tmp_path / "run.csv"
    check_file(path, force=False)
    write_file(path, [b"a", b"b"])
    with pytest.raises(OutputError, match=r"run\.csv: is there already; .* --force") as refused:
        check_file(path, force=False)
    assert refused.value.exit_code is ExitCode.CANNOT_CREATE
    check_file(path, force=True)
    write_file(path, [b"c"])
    assert path.read_bytes() == b"c"
    assert left_in(tmp_path) == ["run.csv"]


def test_what_is_no_file_is_never_replaced(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OutputError, match="expected a file, got something else"):
            check_file(tmp_path / name, force=True)


@pytest.mark.parametrize(
    "check", [check_file, lambda path, force: check_folder(path, is_ours, force=force)]
)
def test_an_output_without_a_folder_for_it_is_refused(check, tmp_path):
    with pytest.raises(OutputError, match="there is no folder"):
        check(tmp_path / "nowhere" / "out", force=True)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="there is no folder"):
        check(tmp_path / "file" / "out", force=True)


def test_an_output_in_a_folder_that_is_read_only_is_refused(tmp_path, monkeypatch):
    # Not by its mode, which does not hold for root.
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.chdir(tmp_path)
    said = f"--out run.csv: the folder {tmp_path} cannot be written; --out names another place"
    with pytest.raises(OutputError, match=re.escape(said)):
        check_file(Path("run.csv"), force=True)
    with pytest.raises(OutputError, match=re.escape(said)):
        check_folder(Path("run.csv"), is_ours, force=True)


def test_a_file_and_a_folder_do_not_replace_each_other(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="expected a file, got a folder"):
        check_file(tmp_path / "folder", force=True)
    with pytest.raises(OutputError, match="expected a folder, new or empty, got something else"):
        check_folder(tmp_path / "file", is_ours, force=True)


def test_a_file_that_cannot_be_written_says_why_and_leaves_nothing(tmp_path):
    def fail():
        yield b"half"
        raise OSError(28, "No space left on device")

    (tmp_path / "run.csv").write_bytes(b"before")
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
        write_file(tmp_path / "run.csv", fail())
    assert left_in(tmp_path) == ["run.csv"]
    assert (tmp_path / "run.csv").read_bytes() == b"before"


def test_a_folder_is_written_whole(tmp_path):
    out = tmp_path / "out"
    write_folder(out, lambda folder: (folder / "ours").write_text("1"))
    assert (out / "ours").read_text() == "1"
    write_folder(out, lambda folder: (folder / "ours 2").write_text("2"))
    assert left_in(out) == ["ours 2"]
    assert left_in(tmp_path) == ["out"]


def test_a_folder_that_cannot_be_written_stays_as_it_was(tmp_path):
    def fail(folder):
        (folder / "ours").write_text("2")
        raise OSError(5, "Input/output error")

    out = tmp_path / "out"
    write_folder(out, lambda folder: (folder / "ours").write_text("1"))
    with pytest.raises(OutputError, match=r"cannot be written \(Input/output error\)"):
        write_folder(out, fail)
    assert (out / "ours").read_text() == "1"
    assert left_in(tmp_path) == ["out"]


@pytest.mark.parametrize("fault", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_a_folder_that_cannot_take_its_place_stays_as_it_was(fault, tmp_path, monkeypatch):
    rename = Path.rename

    def fail(source, target):
        if source.suffix == ".part":
            raise fault
        return rename(source, target)

    out = tmp_path / "out"
    write_folder(out, lambda folder: (folder / "ours").write_text("1"))
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_folder(out, lambda folder: (folder / "ours").write_text("2"))
    assert (out / "ours").read_text() == "1"
    assert left_in(tmp_path) == ["out"]


def test_force_replaces_only_what_an_export_has_written(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    check_folder(out, is_ours, force=False)
    (out / "ours").touch()
    with pytest.raises(OutputError, match=re.escape("holds ours already")):
        check_folder(out, is_ours, force=False)
    check_folder(out, is_ours, force=True)
    (out / "deep").mkdir()
    (out / "deep" / "thesis.tex").touch()
    with pytest.raises(OutputError, match=r"holds deep/thesis\.tex, which no export"):
        check_folder(out, is_ours, force=True)
    (out / "deep" / "thesis.tex").unlink()
    (out / "deep" / "ours").symlink_to(tmp_path)
    with pytest.raises(OutputError, match="which no export"):
        check_folder(out, is_ours, force=True)
