"""A run as a table of comma-separated values (RFC 4180), one number in each row."""

import csv
import io
from collections.abc import Iterator

from bn_tui.exporting.record import Record
from bn_tui.insight.measurements import measurements

COLUMNS = ("variant", "split", "step", "metric", "value", "seconds")


def render_table(record: Record) -> Iterator[bytes]:
    """Give the table piece by piece, so that a long run is never in memory.

    Floats are written in the fewest digits that read back as the very same number; one that is
    not finite is nan, inf or -inf.
    """
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for row in measurements(record.events()):
        writer.writerow(
            (row.variant, row.split, row.step, row.metric, repr(row.value), repr(row.seconds))
        )
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()
    yield line.getvalue().encode()
