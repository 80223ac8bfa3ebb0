"""Where runs are kept: the folder of each, what is in it, and who may write there."""

import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from bn_tui.errors import DataFormatError, LockedError, NoInputError, OutputError, UsageError
from bn_tui.files import make_folders, make_new_folder
from bn_tui.records.names import choose_name

#: The version of what a run folder holds, in its config.json.
FORMAT = 1

CONFIG_FILE = "config.json"
EVENTS_FILE = "events.jsonl"
RESULTS_FILE = "results.json"
SESSIONS_FILE = "sessions.jsonl"
NATIVE_LOG_FILE = "native.log"
LOCK_FILE = "lock"
CHECKPOINTS_FOLDER = "checkpoints"

#: What makes a folder one that has a run.
_RECORD = (CONFIG_FILE, EVENTS_FILE, RESULTS_FILE, SESSIONS_FILE, CHECKPOINTS_FOLDER)
_FILES = (CONFIG_FILE, EVENTS_FILE, RESULTS_FILE, SESSIONS_FILE, NATIVE_LOG_FILE, LOCK_FILE)

#: A reader holds the lock for an instant to see whether it is free: as many tries, so far apart.
_TRIES = 10
_PAUSE_SECONDS = 0.02


def runs_folder() -> Path:
    """Give the folder that `BN_TUI_STATE` names, else the user's folder for bn-tui's runs."""
    root = os.environ.get("BN_TUI_STATE")
    return (Path(root) if root else platformdirs.user_state_path("bn-tui")) / "runs"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The paths of one run."""

    path: Path

    @property
    def config(self) -> Path:
        """What the run is: its settings, environment and data."""
        return self.path / CONFIG_FILE

    @property
    def events(self) -> Path:
        """What has happened, an event a line."""
        return self.path / EVENTS_FILE

    @property
    def results(self) -> Path:
        """What the run has come to, once it has ended."""
        return self.path / RESULTS_FILE

    @property
    def sessions(self) -> Path:
        """The processes that worked on it, one a line."""
        return self.path / SESSIONS_FILE

    @property
    def lock(self) -> Path:
        """Held by the process that writes the run."""
        return self.path / LOCK_FILE

    @property
    def checkpoints(self) -> Path:
        """The folder of what the run can go on from."""
        return self.path / CHECKPOINTS_FOLDER


def make_folder(now: datetime | None = None) -> Path:
    """Make a new folder in `runs_folder()`, named by the local time and two words.

    Raises:
        OutputError: it cannot be made.
    """
    root = runs_folder()
    try:
        make_folders(root)
        while True:
            folder = root / choose_name(now or datetime.now().astimezone())
            try:
                make_new_folder(folder)
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise OutputError(
            f"{root}: cannot be written ({error.strerror}); "
            "--out FOLDER or BN_TUI_STATE names another place"
        ) from error


def prepare_folder(folder: Path) -> None:
    """Create the folder that a person chose for a new run.

    Raises:
        UsageError: it is a file.
        OutputError: it cannot be created or written, or holds a run already.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"--out {folder}: expected a folder, new or empty, got a file")
        taken = [name for name in (*_RECORD, NATIVE_LOG_FILE) if os.path.lexists(folder / name)]
        if taken:
            raise OutputError(f"--out {folder}: holds {taken[0]} already; name a new folder")
        make_folders(folder)
    except OSError as error:
        raise OutputError(f"--out {folder}: cannot be created ({error.strerror})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"--out {folder}: cannot be written (permission denied)")


def discard_unused(folder: Path) -> None:
    """Remove the folder of a run that was refused before anything of it was recorded.

    Raises:
        OSError: it cannot be removed.
    """
    if {entry.name for entry in folder.iterdir()} <= {NATIVE_LOG_FILE, LOCK_FILE}:
        for entry in folder.iterdir():
            entry.unlink()
        folder.rmdir()


def is_recorded(folder: Path) -> bool:
    """Whether anything of a run has been recorded in its folder."""
    return RunFolder(folder).config.exists()


def open_folder(path: Path) -> RunFolder:
    """Take the folder of a run that is to be read or resumed.

    Raises:
        NoInputError: it is not there, or holds no run.
        DataFormatError: something in it is a link, or no file where one is expected; or it is from
            a newer version.
    """
    try:
        if not path.is_dir():
            found = "expected the folder of a run, got a file" if path.exists() else "no such run"
            raise NoInputError(f"{path}: {found}")
        if not any(os.path.lexists(path / name) for name in (CONFIG_FILE, EVENTS_FILE)):
            raise NoInputError(f"{path}: holds no run (neither {CONFIG_FILE} nor {EVENTS_FILE})")
        folder = RunFolder(path)
        for file in map(path.joinpath, _FILES):
            check_own(file, is_folder=False)
        check_own(folder.checkpoints, is_folder=True)
    except OSError as error:
        raise NoInputError(f"{path}: cannot be read ({error.strerror})") from error
    _refuse_newer(folder.config)
    return folder


def _refuse_newer(config: Path) -> None:
    try:
        version = json.loads(read_own(config))["format"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return  # whoever needs what is in it says what is wrong
    if type(version) is int and version > FORMAT:
        raise DataFormatError(
            f"{config}: format {version} is of a newer bn-tui; this one reads up to {FORMAT}"
        )


def check_own(path: Path, *, is_folder: bool) -> None:
    """Refuse what is no file or folder of the run's own; it need not be there.

    Raises:
        DataFormatError: it is a link, which could lead out of the run's folder, or a device or
            the like.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        raise DataFormatError(
            f"{path}: a link (to {path.readlink()}) is not followed out of a run's folder; "
            "put the file itself there"
        )
    if not (stat.S_ISDIR(mode) if is_folder else stat.S_ISREG(mode)):
        raise DataFormatError(f"{path}: expected a {'folder' if is_folder else 'file'}")


def read_own(path: Path) -> bytes:
    """Read a file of the run whole, and no other by way of a link.

    Raises:
        OSError: it cannot be read.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read()


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Keep other processes from writing the run in this folder meanwhile.

    The system lets go of the lock when the process ends, however it ends.

    Raises:
        LockedError: another process is writing the run.
        OutputError: the folder cannot be written.
    """
    check_own(path / LOCK_FILE, is_folder=False)
    try:
        file = os.open(
            path / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644
        )
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        try:
            _acquire(file)
            # As long as any process id, so that no reader sees a part of the one before.
            os.pwrite(file, f"{os.getpid():<20}\n".encode(), 0)
        except BlockingIOError as error:
            raise LockedError(f"{path}: {_holder(file)} is writing this run") from error
        except OSError as error:
            raise OutputError(f"{path}: cannot be locked ({error.strerror})") from error
        yield
    finally:
        os.close(file)


def _acquire(file: int) -> None:
    for _ in range(_TRIES - 1):
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
    return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(file: int) -> str:
    process = os.pread(file, 20, 0).strip().decode(errors="replace")
    return f"process {process}" if process.isdigit() else "another process"
