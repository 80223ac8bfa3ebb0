"""The data sets that have a name, and the way from what a person typed to a data set in memory.

To add a data set, add an entry to `DATASETS`. Importing this module loads neither numpy nor
anything of the network: the command line reads names and descriptions from here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bn_tui.datasets.cache import default_folder
from bn_tui.datasets.sources import Archive, Drawing, Fallback, Folder, RemoteFile, Source
from bn_tui.errors import UsageError, suggest

if TYPE_CHECKING:
    from bn_tui.datasets.dataset import Dataset, LoadProgress, ReportProgress

_MNIST = Archive(
    name="mnist",
    title="MNIST",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
)

_FASHION_MNIST = Archive(
    name="fashion-mnist",
    title="Fashion-MNIST",
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
)

_DRAWN = Drawing(name="drawn", count=70_000, seed=0)


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """A named data set: one line for people, and where it comes from."""

    description: str
    source: Source


DATASETS = {
    "auto": DatasetInfo(
        "MNIST from the cache or the network; drawn where neither has it (the default)",
        Fallback(_MNIST, _DRAWN),
    ),
    "mnist": DatasetInfo("70,000 digits written by hand (LeCun, Cortes and Burges, 1998)", _MNIST),
    "fashion-mnist": DatasetInfo(
        "70,000 pictures of clothes in MNIST's form (Xiao, Rasul and Vollgraf, 2017)",
        _FASHION_MNIST,
    ),
    "drawn": DatasetInfo("70,000 digits in MNIST's form that bn-tui draws itself", _DRAWN),
}

ACCEPTED = f"accepted are {', '.join(DATASETS)}, or a folder with four IDX files"


def resolve(spec: str) -> Source:
    """Find out what a person meant by `spec`, without reading any data.

    A name of the table is that data set; anything else must be a folder, so `mnist` is the name
    and `./mnist` the folder.

    Raises:
        UsageError: `spec` is neither; the message has the nearest name, if one is near.
    """
    if spec in DATASETS:
        return DATASETS[spec].source
    path = Path(spec)
    try:
        if spec and path.is_dir():
            return Folder(path)
        is_file = bool(spec) and path.exists()
    except OSError as error:
        raise UsageError(
            f"{spec!r} cannot be looked into ({error.strerror}); {ACCEPTED}"
        ) from error
    if is_file:
        raise UsageError(f"{spec!r} is a file; {ACCEPTED}")
    if os.sep in spec or (os.altsep and os.altsep in spec):
        # `mnist/`, as a shell completes it, may well be meant for the name.
        hint = suggest(path.name, DATASETS) if len(path.parts) == 1 else ""
        raise UsageError(f"no folder {spec!r}{hint}; {ACCEPTED}")
    raise UsageError(f"no data set {spec!r}{suggest(spec, DATASETS)}; {ACCEPTED}")


def count_training_images(source: Source) -> int:
    """How many images a source trains on, before anything of it is loaded.

    Raises:
        DataFormatError: a file of a folder is missing or is not what it should be.
    """
    if not isinstance(source, Folder):
        return source.training_images
    from bn_tui.datasets import idx  # noqa: PLC0415 -- numpy, only once data is wanted

    return idx.count_training_images(source.path)


def _ignore(_progress: LoadProgress) -> None:
    pass


def load(spec: str, *, cache: Path | None = None, report: ReportProgress = _ignore) -> Dataset:
    """Load the data set that `spec` names (see `resolve`).

    What is downloaded or drawn is kept in `cache`, by default `cache.default_folder()`; where
    that cannot be written, loading goes on and `source` of the data set says so. `report` is
    called in this thread.

    Raises:
        UsageError: `spec` is neither a name nor a folder.
        DataFormatError: a file is not what it says it is, or missing from the folder.
        DataUnavailableError: no mirror gave a data set asked for by name.
    """
    from bn_tui.datasets import loaders  # noqa: PLC0415 -- numpy, only once data is wanted

    return loaders.load(resolve(spec), cache or default_folder(), report)
