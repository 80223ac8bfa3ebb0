"""Who loads what, each in an interpreter of its own: a command must answer at once."""

import pkgutil
import subprocess
import sys

import pytest

from bn_tui import insight, records

HEAVY = {"tensorflow", "keras", "textual", "rich", "plotext", "numpy"}


def load(module):
    """Import a module in a fresh interpreter; which of the heavy ones came with it?"""
    program = f"import {module}, sys; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return HEAVY & set(result.stdout.decode().split())


def modules_of(package):
    room = package.__name__.removeprefix("bn_tui.")
    return [f"{room}.{module.name}" for module in pkgutil.iter_modules(package.__path__)]


@pytest.mark.parametrize(
    "module",
    [
        "errors",
        "events",
        "files",
        "config",
        "control",
        "variants",
        "tour",
        "streams",
        "options",
        "arguments",
        "subcommands",
        "running.session",
        "running.wire",
        "running.live_run",
        "looking_back.showing",
        "looking_back.touring",
        "datasets.catalog",
        "datasets.sources",
        "cli",
        *modules_of(insight),
        *modules_of(records),
    ],
)
def test_what_a_command_needs_first_loads_the_standard_library_alone(module):
    assert load(f"bn_tui.{module}") == set()


@pytest.mark.parametrize(
    "module",
    [
        "datasets.loaders",
        "engine.runtime",
        "engine.experiment",
        "running.keeping",
        "running.worker",
    ],
)
def test_neither_network_nor_screen_is_loaded_by(module):
    assert load(f"bn_tui.{module}") <= {"numpy"}


def test_the_log_loads_rich_alone():
    assert load("bn_tui.console") == {"rich"}


def test_a_run_without_a_screen_loads_tensorflow_only_once_it_has_begun():
    assert load("bn_tui.running.headless") == {"rich", "numpy"}


@pytest.mark.parametrize("module", ["trainer"])
def test_the_engine_loads_no_screen(module):
    loaded = load(f"bn_tui.engine.{module}")
    assert loaded >= {"tensorflow", "numpy"}
    assert not loaded & {"textual", "plotext"}
