"""Where an export goes: never half of it, and over nothing that was there without being asked."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bn_tui.errors import OutputError
from bn_tui.files import write_atomically


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: a file, files that belong together, or a folder; and what to know of it."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def check_file(path: Path, *, force: bool) -> None:
    """Refuse a file that cannot be written, or is there already.

    Raises:
        OutputError: it is there and `force` is not given, it is no file, or its folder is not
            there or not to be written.
    """
    _check_parent(path)
    # A device would be replaced too.
    if os.path.lexists(path) and not path.is_file():
        found = "a folder" if path.is_dir() else "something else"
        raise OutputError(f"--out {path}: expected a file, got {found}")
    if os.path.lexists(path) and not force:
        raise OutputError(f"--out {path}: is there already; name another or give --force")


def write_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file whole.

    Raises:
        OutputError: it cannot be written; what was there before still is.
    """
    with _saying(path):
        write_atomically(path, parts)


def check_folder(path: Path, is_ours: Callable[[str], bool], *, force: bool) -> None:
    """Refuse a folder that cannot be written, or has something in it.

    `is_ours` tells of a path inside the folder whether an export has written it; `force` only
    replaces a folder in which that holds for every file.

    Raises:
        OutputError: it is a file, has something in it, or its parent is not to be written.
    """
    _check_parent(path)
    if not os.path.lexists(path):
        return
    if not path.is_dir() or path.is_symlink():
        raise OutputError(f"--out {path}: expected a folder, new or empty, got something else")
    files = sorted(file for file in path.rglob("*") if file.is_symlink() or not file.is_dir())
    names = [file.relative_to(path).as_posix() for file in files]
    if names and not force:
        raise OutputError(f"--out {path}: holds {names[0]} already; name another or give --force")
    if others := [name for name in names if not is_ours(name)]:
        raise OutputError(f"--out {path}: holds {others[0]}, which no export of a run has written")


def write_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Write a folder whole: `fill` is given an empty one, which then takes the place of `path`.

    Raises:
        OutputError: it cannot be written; what was there before still is.
    """
    token = os.urandom(8).hex()
    part, before = (path.with_name(f".{path.name}.{token}.{end}") for end in ("part", "before"))
    with _saying(path):
        try:
            part.mkdir()
            fill(part)
            try:
                if path.exists():
                    path.rename(before)
                part.rename(path)
            finally:
                # Whatever came between: a full disk, or Ctrl-C.
                if before.exists() and not path.exists():
                    before.rename(path)
        finally:
            for leftover in (part, before):
                if leftover.exists():
                    shutil.rmtree(leftover)


def _check_parent(path: Path) -> None:
    parent = path.parent
    if not parent.is_dir():
        raise OutputError(f"--out {path}: there is no folder {parent}")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(
            f"--out {path}: the folder {parent.absolute()} cannot be written; "
            "--out names another place"
        )


@contextmanager
def _saying(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"--out {path}: cannot be written ({error.strerror})") from error
