"""A process on a terminal of its own, seen as the person before it sees it."""

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect
import pyte
from pexpect.fdpexpect import fdspawn

#: Whether the terminal shows what is drawn in whole frames, and that it does.
_QUESTION = b"\x1b[?2026$p"
_ANSWER = b"\x1b[?2026;2$y"

#: Sequences that pyte would print.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9]+\$p")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_OTHER_SCREEN = re.compile(rb"\x1b\[\?1049([hl])")
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;<=>?$]*)?\Z")

#: The modes that are on in a terminal that nobody has touched: line wrap, and the cursor.
_ON_AT_FIRST = {7, 25}

#: A shell in between, which makes the terminal its own before it becomes the command.
_ADOPT_TERMINAL = 'terminal=$0; exec "$@" <"$terminal" >"$terminal" 2>&1'


class PseudoTerminal:
    """Runs a command in a session of its own on a terminal of `columns` × `rows`.

    Attributes:
        output: every byte printed so far.
        process: the command.
        started: when it was started, as `time.perf_counter` has it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str | None] | None = None,
    ) -> None:
        self.output = bytearray()
        self._screens = {kind: pyte.Screen(columns, rows) for kind in "hl"}
        self._streams = {kind: pyte.ByteStream(screen) for kind, screen in self._screens.items()}
        self._shown = "l"
        self._seen = 0
        self._master, slave = os.openpty()
        self._name = os.ttyname(slave)
        self._set_size(columns, rows)
        self._attributes = termios.tcgetattr(self._master)
        self._terminal = fdspawn(self._master, timeout=0)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", _ADOPT_TERMINAL, self._name, *command],
            env=_environment(environment or {}),
            start_new_session=True,
        )
        os.close(slave)

    # What a person does.

    def press(self, keys: str) -> None:
        """Type `keys` as the terminal sends them."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._look()
        for screen in self._screens.values():
            screen.resize(rows, columns)
        self._set_size(columns, rows)

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    def close_window(self) -> None:
        """Take the terminal away, as a closed window or a lost connection does."""
        self._terminal.close()

    # What a person sees.

    @property
    def screen(self) -> str:
        """What stands on the screen now."""
        self._look()
        return "\n".join(line.rstrip() for line in self._screens[self._shown].display).rstrip()

    @property
    def full_screen(self) -> bool:
        """Whether the alternate screen is shown."""
        self._look()
        return self._shown == "h"

    @property
    def scrollback(self) -> str:
        """What stands on the main screen."""
        self._look()
        return "\n".join(line.rstrip() for line in self._screens["l"].display).strip()

    def wait_for(self, *texts: str, seconds: float = 30) -> str:
        """Wait until all of the texts stand on the screen, and give it."""
        return self.wait_until(lambda: all(text in self.screen for text in texts), texts, seconds)

    def wait_until(
        self, condition: Callable[[], object], what: object = "", seconds: float = 30
    ) -> str:
        """Wait until a condition holds, and give the screen.

        Raises:
            AssertionError: it did not within the time.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what} after {seconds} s:\n{self.screen}"
            ended = self.process.poll() is not None
            if not self.read(0.1) and ended:
                assert condition(), f"{what} at the end:\n{self.screen}"
        return self.screen

    def wait(self, seconds: float = 30) -> int:
        """Wait for the process to end, read the last of its output, and give its exit code."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it runs after {seconds} s:\n{self.screen}"
            self.read(0.05)
        while self.read(0.2):
            pass
        return self.process.returncode

    def read(self, seconds: float) -> bytes:
        """Read what there is, and wait for it up to so many seconds."""
        if self._terminal.closed:
            time.sleep(seconds)
            return b""
        try:
            chunk = self._terminal.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return b""
        except pexpect.EOF:  # nobody holds the other end any more
            time.sleep(seconds)
            return b""
        self.output += chunk
        if _QUESTION in chunk:
            os.write(self._master, _ANSWER)
        return chunk

    def read_for(self, seconds: float) -> None:
        """Read all that is printed within so many seconds."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read(left)

    # What is left behind.

    def left_behind(self) -> list[str]:
        """Say what is not as it was before the process, and what of it still runs."""
        changed = [f"mode {mode}" for mode in sorted(self._changed_modes())]
        if self.output.count(b"\x1b[>") != self.output.count(b"\x1b[<u"):
            changed.append("keyboard protocol")
        if termios.tcgetattr(self._master) != self._attributes:
            changed.append("line discipline")
        return changed + self.processes()

    def _changed_modes(self) -> Iterator[int]:
        modes = dict.fromkeys(_ON_AT_FIRST, True)
        for match in _MODE.finditer(self.output):
            for mode in match[1].split(b";"):
                modes[int(mode)] = match[2] == b"h"
        return (mode for mode, on in modes.items() if on is not (mode in _ON_AT_FIRST))

    def processes(self) -> list[str]:
        """Give the command lines of what runs in the session."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, _, session, *_ = status.read_text().rpartition(")")[2].split()
                command = status.with_name("cmdline").read_text()
            except OSError:
                continue  # it has ended meanwhile
            if int(session) == self.process.pid and state != "Z":
                found.append(command.replace("\0", " ").strip())
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._terminal.close()

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def _look(self) -> None:
        """Bring the screens up to date, but for a sequence that goes on in the next bytes."""
        new = bytes(self.output[self._seen :])
        if unfinished := _UNFINISHED.search(new):
            new = new[: unfinished.start()]
        self._seen += len(new)
        start = 0
        for match in _OTHER_SCREEN.finditer(new):
            self._feed(new[start : match.start()])
            start, self._shown = match.end(), match[1].decode()
        self._feed(new[start:])

    def _feed(self, part: bytes) -> None:
        self._streams[self._shown].feed(_UNKNOWN_TO_PYTE.sub(b"", part))


def bn_tui(*arguments: str) -> list[str]:
    """The command that runs bn-tui with these arguments."""
    return [sys.executable, "-m", "bn_tui", *arguments]


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """What the process is to know: a common terminal, whatever the tests themselves run on."""
    environment: dict[str, Any] = dict(os.environ) | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
    }
    for name in ("COLUMNS", "LINES", "NO_COLOR", "TERM_PROGRAM"):
        environment.pop(name, None)
    environment |= changes
    return {name: value for name, value in environment.items() if value is not None}
