"""What every diagnosis has; what each of them finds is tested in the folder of its name."""

from pathlib import Path

import pytest

from bn_tui.events import EVENTS
from bn_tui.insight.diagnoses import CHECKS

TESTS = Path(__file__).parent / "diagnoses"


def test_every_module_of_the_folder_is_one():
    assert {"one-digit", "lag", "never-updated", "batch-at-inference"} <= {
        check.code for check in CHECKS
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_has_all_that_is_shown_of_it(check):
    assert len(check.badge) <= 12
    assert check.about.endswith(".")
    assert "\n" not in check.about
    assert check.looks_at
    assert set(check.looks_at) <= set(EVENTS.values())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_has_a_test_of_its_own(check):
    assert (TESTS / f"test_{check.code.replace('-', '_')}.py").is_file()


def test_each_is_told_from_the_others():
    assert len({check.badge for check in CHECKS}) == len(CHECKS)
