"""A whole run in this process, and what of it is spent on keeping states.

python tests/benchmarks/parts/keeping_cost.py FILE OPTION ...

What is measured goes to FILE as JSON; the options are those of bn-tui.
"""

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from bn_tui import cli
from bn_tui.engine.trainer import Trainer
from bn_tui.records.checkpoints import Checkpointer


@dataclass(slots=True)
class Cost:
    """The time of one piece of work, over every thread that does it, in seconds."""

    wall: float = 0.0
    cpu: float = 0.0
    times: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def measure(self, owner: type, name: str) -> None:
        """Have each call of a method counted from now on."""
        method = getattr(owner, name)

        @wraps(method)
        def measured(*arguments: Any, **options: Any) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return method(*arguments, **options)
            finally:
                with self._lock:
                    self.wall += time.perf_counter() - wall
                    self.cpu += time.thread_time() - cpu
                    self.times += 1

        setattr(owner, name, measured)

    def as_dict(self) -> dict[str, float]:
        """The figures as plain data."""
        return {"wall": self.wall, "cpu": self.cpu, "times": self.times}


def main() -> None:
    """Run, and write what it has cost."""
    file, *options = sys.argv[1:]
    # The trainers wait for the one, which copies a state; the other is written beside them.
    taking, saving = Cost(), Cost()
    taking.measure(Trainer, "_keep_state")
    saving.measure(Checkpointer, "_save")
    wall, cpu = time.perf_counter(), time.process_time()
    code = cli.main(["--no-ui", "--quiet", *options])
    figures = {
        "code": code,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "taking": taking.as_dict(),
        "saving": saving.as_dict(),
    }
    Path(file).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
