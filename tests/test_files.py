import os
import time

import pytest

from bn_tui.files import write_atomically


def test_writes_whole_files_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, [b"one", memoryview(b"two")])
    write_atomically(path, [b"three"])
    assert path.read_bytes() == b"three"
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_old_file_and_no_part(tmp_path):
    def parts():
        yield b"half"
        raise KeyboardInterrupt

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, parts())
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
    write_atomically(tmp_path / "file", [b"whole"])
    assert set(tmp_path.iterdir()) == {tmp_path / "file", fresh, foreign}


def test_whoever_may_read_other_new_files_may_read_this_one(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "file", [b"content"])
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_no_folder_is_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "absent" / "file", [b"content"])
    assert list(tmp_path.iterdir()) == []
