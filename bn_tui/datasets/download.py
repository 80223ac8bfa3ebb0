"""Fetch the files of an archive: from the cache, or from the first mirror that has the right bytes.

Whatever a network or a mirror does, `fetch` ends within its deadlines, reads at most one byte more
than expected of each file, and gives nothing but bytes of the expected SHA-256. It prints nothing.
"""

import hashlib
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from urllib.error import HTTPError

from bn_tui.datasets.cache import keep, read_at_most
from bn_tui.datasets.sources import Archive, RemoteFile
from bn_tui.errors import DataUnavailableError

_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long to wait, in seconds."""

    # From asking a mirror to its first byte (name lookup and connecting included), and between
    # any two chunks after it.
    silence: float = 5.0
    # For all files from all mirrors together.
    total: float = 120.0


_DEADLINES = Deadlines()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of an archive's files, in its order, and where they came from, in words."""

    contents: tuple[bytes, ...]
    source: str


def fetch(
    archive: Archive,
    folder: Path,
    report: Callable[[int, int], None],
    deadlines: Deadlines = _DEADLINES,
) -> Fetched:
    """Give the archive's files, kept in `folder` or downloaded and then kept there.

    Kept files are verified too, and fetched again where they are not what they should be. A
    folder that cannot be written costs only the keeping, and `source` says so. `report` is called
    with the bytes done and the bytes to download, and goes back where a mirror fails half-way.

    Raises:
        DataUnavailableError: no mirror gave a file; the message has each URL and its reason.
    """
    contents = {file: _read_kept(folder / file.name, file) for file in archive.files}
    missing = [file for file, content in contents.items() if content is None]
    download = _Download(archive, sum(file.size for file in missing), report, deadlines)
    source = f"from the cache at {folder}"
    not_kept = ""
    for file in missing:
        content = contents[file] = download.get(file)
        not_kept = not_kept or keep(folder / file.name, [content])
        source = f"downloaded from {download.mirrors[0]}{not_kept}"
    verified = tuple(content for content in contents.values() if content is not None)
    return Fetched(verified, f"{archive.title}, {source}")


def _read_kept(path: Path, file: RemoteFile) -> bytes | None:
    content = read_at_most(path, file.size + 1)
    return None if content is None or _mismatch(content, file) else content


def _mismatch(content: bytes | bytearray, file: RemoteFile) -> str | None:
    """Say how the bytes differ from the published file's; None where they are the same."""
    if len(content) > file.size:
        return f"longer than the expected {file.size} bytes"
    if len(content) < file.size:
        return f"ended after {len(content)} of {file.size} bytes"
    sha256 = hashlib.sha256(content).hexdigest()
    return None if sha256 == file.sha256 else f"expected SHA-256 {file.sha256}, got {sha256}"


class _TransferError(Exception):
    """What kept a mirror from giving a file, in a few words."""


class _Download:
    """One download of several files: its deadline, its progress, and which mirror works."""

    def __init__(
        self,
        archive: Archive,
        total: int,
        report: Callable[[int, int], None],
        deadlines: Deadlines,
    ) -> None:
        self.mirrors = list(archive.mirrors)  # the one that worked last comes first
        self._title = archive.title
        self._total = total
        self._done = 0
        self._report = report
        self._deadlines = deadlines
        self._ends_at = time.monotonic() + deadlines.total

    def get(self, file: RemoteFile) -> bytes:
        """Give the file's verified bytes, from the first mirror that has them."""
        failures = []
        for mirror in tuple(self.mirrors):
            url = mirror + file.name
            try:
                content = self._receive(url, file)
            except _TransferError as error:
                failures.append(f"{url} ({error})")
                self.mirrors.append(self.mirrors.pop(0))
            else:
                self._done += file.size
                return content
        raise DataUnavailableError(
            f"{self._title} could not be downloaded: {', '.join(failures)}; "
            "with its four files in a folder of yours, pass --data FOLDER (or --test-data FOLDER)"
        )

    def _receive(self, url: str, file: RemoteFile) -> bytes:
        """Read the file in a thread of its own, which is left behind where it hangs.

        A name lookup cannot be interrupted from within: only waiting from outside has an end.
        """
        chunks: SimpleQueue[bytes | _TransferError] = SimpleQueue()
        abandoned = Event()
        Thread(
            target=_transfer,
            args=(url, file.size + 1, self._deadlines.total, chunks, abandoned),
            name=f"download {url}",
            daemon=True,
        ).start()
        content = bytearray()
        self._report(self._done, self._total)
        try:
            while chunk := self._next(chunks):
                content += chunk
                self._report(self._done + len(content), self._total)
        finally:
            abandoned.set()
        if mismatch := _mismatch(content, file):
            raise _TransferError(mismatch)
        return bytes(content)

    def _next(self, chunks: SimpleQueue[bytes | _TransferError]) -> bytes:
        left = self._ends_at - time.monotonic()
        try:
            chunk = chunks.get(timeout=max(0, min(left, self._deadlines.silence)))
        except Empty:
            if left < self._deadlines.silence:
                reason = f"the {self._deadlines.total:g} s for all downloads ran out"
            else:
                reason = f"no answer for {self._deadlines.silence:g} s"
            raise _TransferError(reason) from None
        if isinstance(chunk, _TransferError):
            raise chunk
        return chunk


def _transfer(
    url: str,
    limit: int,
    timeout: float,
    chunks: SimpleQueue[bytes | _TransferError],
    abandoned: Event,
) -> None:
    """Put the chunks of at most `limit` bytes, then an empty one or what went wrong."""
    request = urllib.request.Request(url, headers={"User-Agent": "bn-tui"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
            while limit and not abandoned.is_set():
                chunk = response.read1(min(limit, _CHUNK_BYTES))
                if not chunk:
                    break
                limit -= len(chunk)
                chunks.put(chunk)
        chunks.put(b"")
    # A redirect to nonsense ends in ValueError, a reply that is not HTTP in HTTPException.
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()
        chunks.put(_TransferError(_in_words(error)))


def _in_words(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    words = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    code = f"{error.code} " if isinstance(error, HTTPError) else ""
    return code + " ".join(words.split())
