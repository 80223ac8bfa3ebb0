"""A run as event files that TensorBoard opens: a folder for each variant and split."""

import os
import re
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from bn_tui.exporting import tfrecord
from bn_tui.exporting.record import Record
from bn_tui.insight.measurements import Measurement, Split, measurements
from bn_tui.variants import Statistics

#: TensorBoard takes every file with "tfevents" in its name.
FILE_NAME = "events.out.tfevents.bn-tui"

_OURS = re.compile(
    rf"[\w:-]+/({'|'.join(Split)})(-({'|'.join(Statistics)}))?/{re.escape(FILE_NAME)}"
)


def is_event_file(name: str) -> bool:
    """Whether a path inside a folder is one that `write_event_files` gives its files."""
    return _OURS.fullmatch(name) is not None


def write_event_files(record: Record, folder: Path) -> None:
    """Write `plain/train`, `plain/validation` and so on into a folder, as far as there are any.

    What the same weights come to with each kind of statistics is in `manual/probe-moving` and so
    on, so that loss and accuracy, which are the tags, are curves of one chart. In `manual/layers`
    each quantity has a tag for each layer, such as `input_deviation/01`. The format holds float32:
    what a training step said of its batch is one and stays as it was, a mean over many images is
    rounded to one. The wall time is that at which the number was stated.

    Raises:
        OSError: a file cannot be written.
    """
    began = record.began.timestamp()
    files: dict[str, IO[bytes]] = {}
    with ExitStack() as stack:
        for row in measurements(record.events()):
            run, tag = name_scalar(row)
            if run not in files:
                place = folder / run
                place.mkdir(parents=True)
                files[run] = stack.enter_context((place / FILE_NAME).open("xb"))
                files[run].write(tfrecord.record(tfrecord.file_version()))
            message = tfrecord.scalar(tag, row.value, row.step, began + row.seconds)
            files[run].write(tfrecord.record(message))
        for file in files.values():
            file.flush()
            os.fsync(file.fileno())


def name_scalar(row: Measurement) -> tuple[str, str]:
    """Give what TensorBoard calls the series that a number belongs to: its run and its tag."""
    of_statistics = "" if row.statistics is None else f"-{row.statistics}"
    of_layer = "" if row.layer is None else f"/{row.layer:02}"
    return f"{row.variant}/{row.split}{of_statistics}", f"{row.metric}{of_layer}"
