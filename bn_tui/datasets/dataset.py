"""What a data set is, whichever way it came: three splits of images and labels in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SIDE = 28
CLASSES = 10

#: How many test images are scored one at a time.
SAMPLES = 100

Images = NDArray[np.uint8]  # [N, 28, 28], 0 is paper and 255 is ink
Labels = NDArray[np.uint8]  # [N], 0…9


@dataclass(frozen=True, slots=True)
class Split:
    """Images and their labels, in a fixed order."""

    images: Images
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def class_counts(self) -> tuple[int, ...]:
        """How many images there are of each class, [CLASSES]."""
        return tuple(np.bincount(self.labels, minlength=CLASSES).tolist())


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set, split and ready to train on.

    `source` says where it came from in words a person can act on; `sha256` is over the
    uncompressed pixels and labels of all three splits, so it is the same for a gzipped and a
    plain folder of the same digits.
    """

    name: str
    source: str
    train: Split
    validation: Split
    test: Split

    def sha256(self) -> str:
        """Hex digest of train, validation and test, images before labels in each."""
        digest = hashlib.sha256()
        for split in (self.train, self.validation, self.test):
            digest.update(np.ascontiguousarray(split.images).data)
            digest.update(np.ascontiguousarray(split.labels).data)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load has come: `done` of `total`, counted in `unit`."""

    task: str
    done: int
    total: int
    unit: Literal["bytes", "images"]


ReportProgress = Callable[[LoadProgress], None]
