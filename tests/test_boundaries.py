"""Who loads what, each in an interpreter of its own: a command must answer at once."""

import subprocess
import sys

import pytest

HEAVY = {"tensorflow", "keras", "textual", "rich", "plotext", "numpy"}


def load(module):
    """Import a module in a fresh interpreter; which of the heavy ones came with it?"""
    program = f"import {module}, sys; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return HEAVY & set(result.stdout.decode().split())


@pytest.mark.parametrize(
    "module",
    [
        "errors",
        "events",
        "files",
        "config",
        "control",
        "variants",
        "datasets.catalog",
        "datasets.sources",
    ],
)
def test_what_a_command_needs_first_loads_the_standard_library_alone(module):
    assert load(f"bn_tui.{module}") == set()


@pytest.mark.parametrize("module", ["datasets.loaders", "engine.runtime", "engine.experiment"])
def test_neither_network_nor_screen_is_loaded_by(module):
    assert load(f"bn_tui.{module}") <= {"numpy"}


@pytest.mark.parametrize("module", ["trainer"])
def test_the_engine_loads_no_screen(module):
    loaded = load(f"bn_tui.engine.{module}")
    assert loaded >= {"tensorflow", "numpy"}
    assert not loaded & {"textual", "plotext"}
