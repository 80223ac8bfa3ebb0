import os
import subprocess
import sys

from bn_tui.engine.runtime import describe_environment, resolve_threads


def test_threads_are_those_asked_for_or_one_for_each_processor():
    assert resolve_threads(3) == 3
    assert 1 <= resolve_threads(None) <= os.cpu_count()


def test_the_environment_is_described_without_loading_tensorflow():
    program = (
        "import sys; from bn_tui.engine import runtime\n"
        "facts = runtime.describe_environment(4)\n"
        "assert 'tensorflow' not in sys.modules\n"
        "assert facts['tensorflow'].startswith('2.') and facts['threads'] == 4"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    versions = {"bn_tui", "python", "tensorflow", "keras", "numpy"}
    assert versions | {"cpu", "threads"} <= describe_environment(1).keys()
