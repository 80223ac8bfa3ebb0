"""What must be set before TensorFlow loads: threads and kernels."""

import gc
import os
import platform
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
        with _nothing_collected():
            import tensorflow as tf  # noqa: PLC0415 -- only once the environment is set

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        # What is timed and repeated to the last bit is the processor's work.
        tf.config.set_visible_devices([], "GPU")
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineError(
            f"TensorFlow cannot be started with {threads} threads ({error})"
        ) from error


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Look for no garbage: thousands of modules stay, and to look through them takes a fifth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
