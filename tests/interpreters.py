"""Python in a process of its own, which keeps what it has loaded from one program to the next."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

_TESTS = Path(__file__).parent

_LOOP = """
import contextlib, io, json, os, sys, traceback
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # what native code prints is no answer
for line in sys.stdin:
    program, sys.argv[1:] = json.loads(line)
    printed, error = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            exec(program, {"__name__": "__main__"})
        except Exception:
            error = traceback.format_exc()
    print(json.dumps([printed.getvalue(), error]), file=answers)
"""


class Interpreter:
    """Runs programs one after another: to load TensorFlow for each of them would take seconds."""

    def __init__(self, process):
        self._process = process

    def run(self, program, *arguments):
        """Run a program with these arguments; gives what it has printed."""
        self._process.stdin.write(f"{json.dumps([program, list(map(str, arguments))])}\n")
        self._process.stdin.flush()
        printed, error = json.loads(self._process.stdout.readline())
        assert error is None, error
        return printed


@contextmanager
def interpreter(*paths, **environment):
    """Start one that finds modules in these folders; at the end it ends."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))} | environment
    with subprocess.Popen(
        [sys.executable, "-c", _LOOP],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        try:
            yield Interpreter(process)
        finally:
            process.kill()
