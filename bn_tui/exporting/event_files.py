"""A run as event files that TensorBoard opens: a folder for each variant and split."""

import os
import re
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from bn_tui.exporting import tfrecord
from bn_tui.exporting.record import Record
from bn_tui.insight.measurements import Split, measurements

#: TensorBoard takes every file with "tfevents" in its name.
FILE_NAME = "events.out.tfevents.bn-tui"

_OURS = re.compile(rf"[\w:-]+/({'|'.join(Split)})/{re.escape(FILE_NAME)}")


def is_event_file(name: str) -> bool:
    """Whether a path inside a folder is one that `write_event_files` gives its files."""
    return _OURS.fullmatch(name) is not None


def write_event_files(record: Record, folder: Path) -> None:
    """Write `plain/train`, `plain/validation` and so on into a folder, as far as there are any.

    The tags are loss and accuracy. The format holds float32: what a training step said of its
    batch is one and stays as it was, a mean over many images is rounded to one. The wall time is
    that at which the number was stated.

    Raises:
        OSError: a file cannot be written.
    """
    began = record.began.timestamp()
    files: dict[tuple[str, Split], IO[bytes]] = {}
    with ExitStack() as stack:
        for row in measurements(record.events()):
            file = files.get((row.variant, row.split))
            if file is None:
                place = folder / row.variant / row.split
                place.mkdir(parents=True)
                file = stack.enter_context((place / FILE_NAME).open("xb"))
                file.write(tfrecord.record(tfrecord.file_version()))
                files[row.variant, row.split] = file
            message = tfrecord.scalar(row.metric, row.value, row.step, began + row.seconds)
            file.write(tfrecord.record(message))
        for file in files.values():
            file.flush()
            os.fsync(file.fileno())
