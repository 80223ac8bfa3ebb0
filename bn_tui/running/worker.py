"""The process that trains for an app: an order and commands on stdin, events on stdout.

It is a process of its own so that whatever TensorFlow does to an interpreter or a processor, a
key is answered at once, and drawing takes nothing from the trainers.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from bn_tui.control import Control
from bn_tui.errors import BnTuiError, ExitCode
from bn_tui.events import Phase, PhaseEntered, to_json
from bn_tui.running.keeping import keep
from bn_tui.running.wire import Breakdown, Order, Recall, Refusal, obey

#: How far the trainers stand back behind the screen, and behind whatever else a person does.
_NICENESS = 19

_THREADS = Path("/proc/self/task")


def main() -> None:
    """Train as ordered, and end at once: what still loads or compiles then is of no use."""
    answers = _keep_stdout()
    control = Control()
    for number in (signal.SIGINT, signal.SIGHUP):
        # The app answers these, for both.
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: control.stop())
    try:
        _train(Order.from_line(sys.stdin.readline()), control, answers)
    except BrokenPipeError:
        pass  # the app is gone, and the record was closed before the last answer
    except BnTuiError as error:
        answers.write(Refusal(str(error), error.exit_code).to_line())
    except BaseException:  # noqa: BLE001 -- told by the app, once its screen is closed
        answers.write(Breakdown(traceback.format_exc()).to_line())
    os._exit(ExitCode.OK)


def _keep_stdout() -> TextIO:
    """Take stdout for answers alone: what native code prints there goes where stderr goes."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _train(order: Order, control: Control, answers: TextIO) -> None:
    _start_thread("commands", sys.stdin, control)
    with keep(order) as training:
        if training.excerpt is not None:
            answers.write(Recall(training.excerpt).to_line())
        told = True
        for event in training.train(control):
            if isinstance(event, PhaseEntered) and event.phase is Phase.TRAINING:
                _stand_back()
            if told:
                told = _tell(answers, f"{to_json(event)}\n", control)


def _stand_back() -> None:
    """Let every thread of this process, and whatever these start, come after the screen.

    Not before there is something to see: until then the person waits for this process.
    """
    for thread in _THREADS.iterdir():
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.setpriority(os.PRIO_PROCESS, int(thread.name), _NICENESS)


def _tell(answers: TextIO, line: str, control: Control) -> bool:
    """Tell the app; where it is gone, stop, and see to the record alone."""
    try:
        answers.write(line)
    except BrokenPipeError:
        control.stop()
        return False
    return True


def _start_thread(name: str, commands: Iterable[str], control: Control) -> None:
    threading.Thread(target=obey, args=(commands, control), name=name, daemon=True).start()


if __name__ == "__main__":
    main()
