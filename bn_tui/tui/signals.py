"""The signals that end the process, turned into an orderly way out."""

import asyncio
import signal
from collections.abc import Callable

from bn_tui.errors import ExitCode

_CODES = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.HUNG_UP,
}


def leave_on_signals(leave: Callable[[ExitCode], None]) -> None:
    """Have the running loop call `leave` on each; one ignored before stays ignored."""
    loop = asyncio.get_running_loop()
    for number, code in _CODES.items():
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, leave, code)
