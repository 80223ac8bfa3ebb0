"""What must be set before TensorFlow loads: threads, kernels, and where native code prints."""

import os
import platform
import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

from bn_tui import __version__
from bn_tui.errors import EngineError

_CPU_INFO = Path("/proc/cpuinfo")


def resolve_threads(threads: int | None) -> int:
    """How many operations may run at once: as asked, or one for each processor there is."""
    if threads is not None:
        return threads
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start_tensorflow(threads: int) -> None:
    """Load TensorFlow with its settings; seconds pass.

    Each operation runs on one thread, and `threads` of them at once: with one variant beside
    another that keeps every processor busy, and no sum depends on how many there are.

    Raises:
        EngineError: it cannot be loaded, or was started before with other settings.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        import tensorflow as tf  # noqa: PLC0415 -- only once the environment is set

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        # What is timed and repeated to the last bit is the processor's work.
        tf.config.set_visible_devices([], "GPU")
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineError(
            f"TensorFlow cannot be started with {threads} threads ({error})"
        ) from error


def describe_environment(threads: int) -> dict[str, Any]:
    """What a run's last bits depend on: versions, threads and the processor."""
    # Only here, because it is slow to load, and the app's first frame comes before.
    from importlib.metadata import version  # noqa: PLC0415

    return {
        "bn_tui": __version__,
        "python": platform.python_version(),
        "tensorflow": version("tensorflow"),
        "keras": version("keras"),
        "numpy": version("numpy"),
        "platform": platform.platform(),
        "threads": threads,
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1"),
        "processors": os.cpu_count(),
        "cpu": _cpu_field("model name") or platform.processor() or platform.machine(),
        "cpu_flags": " ".join(
            flag for flag in _cpu_field("flags").split() if flag.startswith(("avx", "fma", "amx"))
        ),
    }


def _cpu_field(name: str) -> str:
    if not _CPU_INFO.exists():
        return ""
    for line in _CPU_INFO.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def peak_memory_bytes() -> int:
    """The most memory that this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@dataclass(frozen=True, slots=True)
class Terminal:
    """The streams that still reach the person while native output is captured."""

    stdout: TextIO
    stderr: TextIO


@contextmanager
def native_output_to(log: IO[bytes]) -> Iterator[Terminal]:
    """Send whatever is printed to file descriptors 1 and 2 to `log`; yields the way around it.

    TensorFlow's C++ prints there whatever the log level, and Python's warnings follow.
    `sys.__stdout__` and `sys.__stderr__` are rebound to the streams, because Textual draws there.
    At the end they are closed and everything is as before; but where a thread that was started
    meanwhile still runs, what it loads may print on, so the descriptors stay with `log`, and
    `sys.stdout` and `sys.stderr` become the streams.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    threads = set(threading.enumerate())
    kept = os.dup(1), os.dup(2)
    terminal = Terminal(_reopen(kept[0], sys.stdout), _reopen(kept[1], sys.stderr))
    originals = sys.__stdout__, sys.__stderr__
    sys.__stdout__, sys.__stderr__ = terminal.stdout, terminal.stderr  # type: ignore[assignment, misc]
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    try:
        yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if threads.issuperset(threading.enumerate()):
            for descriptor, copy in zip((1, 2), kept, strict=True):
                os.dup2(copy, descriptor)
            sys.__stdout__, sys.__stderr__ = originals  # type: ignore[misc]
            terminal.stdout.close()
            terminal.stderr.close()
        else:
            sys.stdout, sys.stderr = terminal.stdout, terminal.stderr


def _reopen(descriptor: int, like: TextIO) -> TextIO:
    """Open a stream of its own on `descriptor`, in the encoding of `like`, that never fails."""
    return os.fdopen(descriptor, "w", buffering=1, encoding=like.encoding, errors="replace")
