import errno
import os
import time

import pytest
from faulty_disk import Died, FaultyDisk

from bn_tui.files import DISK, make_folders, make_new_folder, write_atomically


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


@pytest.mark.parametrize("name", ["a**b", "[ab]", "?"])
def test_a_name_is_no_pattern(name, tmp_path):
    foreign = tmp_path / ".a.c.part"
    foreign.write_bytes(b"half")
    os.utime(foreign, (time.time() - 7200,) * 2)
    write_atomically(tmp_path / name, [b"whole"])
    assert set(tmp_path.iterdir()) == {tmp_path / name, foreign}


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


@pytest.mark.parametrize("fault", [errno.ENOSPC, Died])
def test_whatever_fails_there_is_the_old_file_or_the_new(fault, tmp_path):
    for at in range(6):
        path = tmp_path / str(at) / "file"
        path.parent.mkdir()
        path.write_bytes(b"old")
        with pytest.raises((OSError, Died)):
            write_atomically(path, [b"new ", b"content"], disk=FaultyDisk(at, fault))
        assert path.read_bytes() in (b"old", b"new content")
        assert fault is Died or list(path.parent.iterdir()) == [path]


def test_the_content_is_on_the_disk_before_the_name_and_the_name_before_it_returns(tmp_path):
    disk = FaultyDisk()
    write_atomically(tmp_path / "file", [b"new"], disk=disk)
    assert disk.operations == ["create", "write", "fsync", "close", "rename", "fsync_folder"]


def test_the_names_of_new_folders_are_on_the_disk_each_before_what_is_below(tmp_path):
    disk = FaultyDisk()
    make_folders(tmp_path / "state" / "runs", disk=disk)
    assert disk.operations == ["make_folder", "fsync_folder"] * 2
    make_folders(tmp_path / "state" / "runs", disk=disk)
    assert len(disk.operations) == 4
    assert (tmp_path / "state" / "runs").is_dir()


def test_a_folder_below_a_file_is_not_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_folders(tmp_path / "file" / "folder")
    for make in (make_folders, make_new_folder):
        with pytest.raises(FileExistsError):
            make(tmp_path / "file")


def test_a_folder_that_cannot_be_listed_is_not_waited_for(tmp_path):
    make_new_folder(tmp_path / "folder", disk=FaultyDisk(1, errno.EACCES))
    assert (tmp_path / "folder").is_dir()


def test_a_link_is_not_written_through(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    for open_file in (DISK.create, DISK.append):
        with pytest.raises(OSError, match=r"File exists|symbolic links"):
            open_file(tmp_path / "link")
    assert not (tmp_path / "outside").exists()


def test_a_write_is_whole_however_little_the_system_takes_at_once(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, bytes(data)[:3]))
    write_atomically(tmp_path / "file", [b"0123456789", b""])
    assert (tmp_path / "file").read_bytes() == b"0123456789"
