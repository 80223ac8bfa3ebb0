"""A run as a table of comma-separated values (RFC 4180), one number in each row."""

import csv
import io
from collections.abc import Iterator

from bn_tui.exporting.record import Record
from bn_tui.insight.measurements import measurements

COLUMNS = ("variant", "split", "step", "metric", "value", "seconds", "statistics", "layer")

#: How many characters are gathered before they are given on to be written.
_CHUNK = 1 << 16


def render_table(record: Record) -> Iterator[bytes]:
    """Give the table piece by piece, so that a long run is never in memory.

    Floats are written in the fewest digits that read back as the very same number; one that is
    not finite is nan, inf or -inf.
    """
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for row in measurements(record.events()):
        # What is None is written as nothing.
        writer.writerow(
            (
                row.variant,
                row.split,
                row.step,
                row.metric,
                repr(row.value),
                repr(row.seconds),
                row.statistics,
                row.layer,
            )
        )
        if lines.tell() >= _CHUNK:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()
