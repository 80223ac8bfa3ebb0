"""One part of a benchmark in a process of its own: thread pools and settings are process-wide."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

#: Variables that change how the libraries compute, which a shell may have set.
_SETTINGS = ("TF_", "XLA_", "KERAS_", "ONEDNN_", "DNNL_", "OMP_", "KMP_", "GOMP_", "MKL_", "TORCH")


def serve(part: str, steps: int, threads: int) -> None:
    """Measure, in this process, one repeat of the candidate named by each line of stdin.

    Stdout carries JSON, a line for each answer: first the names of the candidates, then numbers.
    """
    with os.fdopen(os.dup(1), "w", buffering=1) as answers:
        os.dup2(2, 1)  # whatever libraries print is no answer
        candidates = importlib.import_module(f"parts.{part}").prepare(steps, threads)
        print(json.dumps(list(candidates)), file=answers)
        for line in sys.stdin:
            print(json.dumps(candidates[line.rstrip("\n")]()), file=answers)


class Worker:
    """The process of one part, which waits without work between two measurements.

    Attributes:
        candidates: the names of what it can measure.
    """

    def __init__(self, part: str, command: Sequence[str]) -> None:
        self._part = part
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- closed with the worker
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={key: os.environ[key] for key in os.environ if not key.startswith(_SETTINGS)},
        )
        self.candidates: list[str] = self._read()

    def measure(self, candidate: str) -> float:
        """Measure one repeat, in the unit of the part.

        Raises:
            RuntimeError: the process ended, with what it printed last.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(f"{candidate}\n")
        self._process.stdin.flush()
        return float(self._read())

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            self._log.seek(0)
            raise RuntimeError(f"part {self._part} ended with {code}:\n{self._log.read()[-4000:]}")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()
        self._log.close()
