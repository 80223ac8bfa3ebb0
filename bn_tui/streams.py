"""The process's own output, where it leads nowhere."""

import os
import sys


def reopen_closed() -> None:
    """Point stdout and stderr at nothing where whoever started the process has closed them.

    Else the next file to be opened takes their descriptor, and what is printed goes into it.
    """
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            point_at_nothing(descriptor)
            setattr(sys, name, os.fdopen(descriptor, "w"))


def point_at_nothing(descriptor: int) -> None:
    """Let whatever is written to the descriptor from now on be lost, so that no write fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere != descriptor:
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
