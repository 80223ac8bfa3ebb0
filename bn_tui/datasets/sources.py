"""Where a data set can come from, in plain data; stdlib only, so names load in milliseconds."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A published file: what its bytes must be, wherever they are found."""

    name: str
    size: int  # bytes
    sha256: str  # hex digest


@dataclass(frozen=True, slots=True)
class Archive:
    """Four IDX files that several mirrors publish.

    `files` are in the order training images, training labels, test images, test labels; a mirror
    is the URL that a file's name is appended to, and the first is asked first.
    """

    name: str
    title: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, RemoteFile, RemoteFile, RemoteFile]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Digits that the program draws itself: six parts for the training file, one for the test."""

    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Fallback:
    """The archive where it can be had, else the drawing, which then says so."""

    archive: Archive
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds four IDX files."""

    path: Path


Source = Archive | Drawing | Fallback | Folder
