import os
import time

import pytest

from bn_tui.datasets import cache


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("BN_TUI_CACHE", str(tmp_path))
    assert cache.default_folder() == tmp_path
    monkeypatch.setenv("BN_TUI_CACHE", "")
    assert cache.default_folder().name == "bn-tui"


def test_writes_whole_files_and_nothing_else(tmp_path):
    path = tmp_path / "new" / "file"
    cache.write_atomically(path, [b"one", memoryview(b"two")])
    cache.write_atomically(path, [b"three"])
    assert path.read_bytes() == b"three"
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_old_file_and_no_part(tmp_path):
    def parts():
        yield b"half"
        raise KeyboardInterrupt

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        cache.write_atomically(path, parts())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_old_leftovers_are_removed_and_parts_being_written_are_not(tmp_path):
    old, fresh, foreign = (
        tmp_path / name for name in (".file.a.part", ".file.b.part", ".other.c.part")
    )
    for part in (old, fresh, foreign):
        part.write_bytes(b"half")
    for part in (old, foreign):
        os.utime(part, (time.time() - 7200,) * 2)
    cache.write_atomically(tmp_path / "file", [b"whole"])
    assert set(tmp_path.iterdir()) == {tmp_path / "file", fresh, foreign}


def test_keeping_where_that_is_impossible_says_why(tmp_path):
    (tmp_path / "taken").write_bytes(b"a file, not a folder")
    assert cache.keep(tmp_path / "file", [b"content"]) == ""
    assert cache.keep(tmp_path / "taken" / "file", [b"content"]) == (
        f" (not kept, {tmp_path / 'taken'} cannot be written: File exists)"
    )


def test_reads_no_more_than_asked_and_nothing_where_nothing_is(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"content")
    assert cache.read_at_most(path, 4) == b"cont"
    assert cache.read_at_most(tmp_path / "absent", 4) is None
    assert cache.read_at_most(tmp_path, 4) is None
