"""Where a data set can come from, in plain data; stdlib only, so names load in milliseconds."""

from dataclasses import dataclass
from pathlib import Path

MAX_VALIDATION = 5_000
VALIDATION_SHARE = 12  # MNIST's 60,000 over the 5,000 that are held out of them


def count_held_out(count: int) -> int:
    """Count the images held out for validation, of `count` in a training file.

    They are 5,000, or a twelfth of a file with fewer than MNIST's 60,000.
    """
    return min(MAX_VALIDATION, count // VALIDATION_SHARE)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A published file: what its bytes must be, wherever they are found."""

    name: str
    size: int  # bytes
    sha256: str  # hex digest


@dataclass(frozen=True, slots=True)
class Archive:
    """Four IDX files that several mirrors publish.

    `files` are in the order training images, training labels, test images, test labels, and the
    first two hold `count` items each; a mirror is the URL that a file's name is appended to, and
    the first is asked first.
    """

    name: str
    title: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, RemoteFile, RemoteFile, RemoteFile]
    count: int = 60_000

    @property
    def training_images(self) -> int:
        """How many images are trained on."""
        return self.count - count_held_out(self.count)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Digits that the program draws itself; the cache keeps them by their name."""

    name: str
    count: int
    seed: int

    @property
    def first_test_image(self) -> int:
        """Where the test set begins: as in MNIST, after 60,000 of 70,000."""
        return self.count * 6 // 7

    @property
    def training_images(self) -> int:
        """How many images are trained on."""
        return self.first_test_image - count_held_out(self.first_test_image)


@dataclass(frozen=True, slots=True)
class Fallback:
    """The archive where it can be had, else the drawing, which then says so."""

    archive: Archive
    drawing: Drawing

    @property
    def training_images(self) -> int:
        """How many images are trained on, whichever it will be."""
        return min(self.archive.training_images, self.drawing.training_images)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds four IDX files."""

    path: Path


Source = Archive | Drawing | Fallback | Folder
