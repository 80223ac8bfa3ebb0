import pytest
from benchmarks.tables import Row, conclude

TABLE = {"presses": (Row("free"), Row("bound", at_most=1.0))}


@pytest.mark.parametrize(
    ("measured", "code"),
    [
        ({}, 0),
        ({"free": [9.0], "bound": [1.0]}, 0),
        ({"bound": [0.5, 1.0, 9.0]}, 0),
        ({"bound": [1.001]}, 1),
        ({"bound": [0.5, 1.5, 9.0]}, 1),
        ({"bound": [float("nan")]}, 1),
    ],
)
def test_it_ends_with_1_where_a_median_breaks_its_bound(measured, code, capsys):
    with pytest.raises(SystemExit) as ended:
        conclude("costs", TABLE, measured, {"presses": 3})
    assert int(ended.value.code) == code
    assert ("BROKEN" in capsys.readouterr().out) == bool(code)
