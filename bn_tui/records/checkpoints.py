"""Saving checkpoints while a run goes on: in a thread of its own, whole or not at all."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from bn_tui.files import DISK, Disk, write_new
from bn_tui.records.checkpoint import Checkpoint, encode, generations, locate
from bn_tui.records.folder import CHECKPOINTS_FOLDER, RunFolder
from bn_tui.state import TrainingState

#: How many checkpoints are kept: the latest, and one for the case that it is damaged.
KEPT = 2

#: Takes what cannot be saved any more, and why.
Report = Callable[[str, str], None]


class CheckpointWriter:
    """Writes one checkpoint after another, and removes those that are not needed any more.

    `resumed` is the checkpoint that the run went on from; it stays until two newer ones are
    there, whatever else lies about.
    """

    def __init__(
        self, folder: RunFolder, *, resumed: Checkpoint | None = None, disk: Disk = DISK
    ) -> None:
        self._folder = folder
        self._disk = disk
        self._sound = [] if resumed is None else [resumed.generation]
        self._next: int | None = None

    def write(self, states: Mapping[str, TrainingState]) -> None:
        """Save these states; once this has returned they are on the disk.

        Raises:
            OSError: something cannot be written; the checkpoints before are as they were.
        """
        generation = self._prepare()
        part = self._part(generation)
        self._disk.make_folder(part)
        try:
            for name, content in encode(generation, states):
                write_new(part / name, [content], self._disk)
            self._disk.fsync_folder(part)
            self._disk.rename(part, locate(self._folder, generation))
        except BaseException:
            # What went wrong first is what there is to say; the next write tries again.
            with suppress(OSError):
                self._remove(part)
            raise
        self._next = generation + 1
        self._disk.fsync_folder(self._folder.checkpoints)
        self._sound.append(generation)
        self._remove_old()

    def _prepare(self) -> int:
        """Make the folder, clear what a killed process left, and number the next checkpoint."""
        folder = self._folder.checkpoints
        if not folder.exists():
            self._disk.make_folder(folder)
            self._disk.fsync_folder(folder.parent)
        for leftover in folder.glob(".*.part"):
            self._remove(leftover)
        if self._next is None:
            self._next = max(generations(self._folder), default=0) + 1
        return self._next

    def _remove_old(self) -> None:
        self._sound = self._sound[-KEPT:]
        for generation in generations(self._folder):
            if generation not in self._sound:
                # Under a name that is no checkpoint's, so that nobody meets half of one.
                part = self._part(generation)
                self._disk.rename(locate(self._folder, generation), part)
                self._remove(part)

    def _remove(self, folder: Path) -> None:
        if folder.is_symlink() or not folder.is_dir():
            self._disk.unlink(folder)  # nothing of ours, and what it leads to is not touched
            return
        for file in folder.iterdir():
            self._disk.unlink(file)
        self._disk.remove_folder(folder)

    def _part(self, generation: int) -> Path:
        return self._folder.checkpoints / f".{generation:08d}.part"


class Checkpointer:
    """Keeps the latest state of every variant, and saves them all together.

    Args:
        folder: of the run.
        sync: brings the events to the disk, and says whether they are there; a checkpoint that
            is ahead of the events could not be used.
        resumed: the checkpoint that the run went on from.
        report: called once for each new reason why checkpoints cannot be saved, in any thread.
    """

    def __init__(
        self,
        folder: RunFolder,
        sync: Callable[[], bool],
        *,
        report: Report,
        resumed: Checkpoint | None = None,
        disk: Disk = DISK,
    ) -> None:
        self._writer = CheckpointWriter(folder, resumed=resumed, disk=disk)
        self._sync = sync
        self._report = report
        self._reported: str | None = None
        self._states = {} if resumed is None else dict(resumed.states)
        self._changed = threading.Condition()
        self._pending = False
        self._closed = False
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def keep(self, state: TrainingState) -> None:
        """Take a variant's latest state; it is saved as soon as the one before is.

        The caller waits for no disk.
        """
        with self._changed:
            self._states[state.variant] = state
            self._pending = True
            self._changed.notify()

    def close(self) -> None:
        """Wait until the latest states are saved, or cannot be.

        Raises:
            BaseException: what broke the saving, where it was no failure of the disk.
        """
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        try:
            while (states := self._take()) is not None:
                self._save(states)
        except BaseException as error:  # noqa: BLE001 -- raised where the run ends
            self._fault = error

    def _take(self) -> dict[str, TrainingState] | None:
        """Wait for states that are not saved yet; None once there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closed)
            if not self._pending:
                return None
            self._pending = False
            return dict(self._states)

    def _save(self, states: Mapping[str, TrainingState]) -> None:
        if not self._sync():
            self._fail("the events that lead to them are not recorded any more")
            return
        try:
            self._writer.write(states)
        except OSError as error:
            self._fail(error.strerror or str(error))
        else:
            self._reported = None

    def _fail(self, reason: str) -> None:
        if reason != self._reported:
            self._report(CHECKPOINTS_FOLDER, reason)
        self._reported = reason
