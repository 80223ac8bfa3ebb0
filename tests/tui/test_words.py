"""Numbers and times in few characters."""

import pytest

from bn_tui.tui.words import signed


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "+.000"),
        (0.0414, "+.041"),
        (-0.0414, "−.041"),
        (0.9996, "+1.00"),
        (-1.234, "−1.23"),
        (9.996, "+10.0"),
        (-123.44, "−123.4"),
        (999.96, "+1e+03"),
        (-1e30, "−1e+30"),
    ],
)
def test_a_difference_has_its_sign_and_at_most_six_characters(value, written):
    assert signed(value) == written
    assert len(written) <= 6
