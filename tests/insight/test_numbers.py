import pytest
from probed_runs import compare

from bn_tui.events import DataProgressed, Status, Unit
from bn_tui.insight.numbers import (
    PROBED_HEADERS,
    RESULT_HEADERS,
    amount,
    figure,
    interval,
    percent,
    probed_cells,
    probing_cost,
    result_cells,
    share,
)
from bn_tui.insight.phrases import agree, enumerate_words, join_clauses
from bn_tui.insight.summary import VariantSummary


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.098, ".0980"), (0.9625, ".9625"), (1.0, "1.0000"), (0.0, ".0000"), (0.99996, "1.0000")],
)
def test_a_share_has_four_decimals_and_no_zero_before_them(value, text):
    assert share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.366, "37 %"), (1.0, "100 %"), (0.0951, "10 %"), (0.00456, "0.46 %"), (0.0, "0 %")],
)
def test_hundredths_are_whole_or_have_two_digits(value, text):
    assert percent(value) == text


def test_an_interval_has_two_decimals():
    assert interval((0.9455, 0.9982)) == ".95–1.00"


def test_what_is_not_there_is_a_dash():
    assert figure(None, ".4f") == "-"
    assert figure(0.5, ".4f") == "0.5000"


def test_a_row_of_results_has_a_cell_for_each_header():
    assert result_cells(VariantSummary()) == ("-",) * len(RESULT_HEADERS)
    summary = VariantSummary(
        status=Status.DONE,
        validation_accuracy=0.96254,
        test_accuracy=0.9634,
        hundred_correct=(True, True, False),
        seconds_per_step=0.0452,
        train_seconds=38.1347,
    )
    assert result_cells(summary) == ("0.9625", "0.9634", "2/3", "45.2", "38.1")


def test_a_row_of_what_was_probed_has_a_cell_for_each_header():
    assert probed_cells(VariantSummary()) == ("-",) * len(PROBED_HEADERS)
    summary = VariantSummary(comparison=compare("manual", 100), probe_seconds=3.04)
    assert probed_cells(summary) == ("0.1250", "0.5000", "0.7500", "3.0 s")


@pytest.mark.parametrize(
    ("probing", "training", "text"), [(3.0, 40.0, "3.0 s (+8 %)"), (0.04, 40.0, "0.0 s (+0 %)")]
)
def test_what_probing_took_is_told_beside_what_it_adds(probing, training, text):
    assert probing_cost(VariantSummary(probe_seconds=probing, train_seconds=training)) == text


@pytest.mark.parametrize(
    ("unit", "text"), [(Unit.BYTES, "1.5/12.0 MB"), (Unit.IMAGES, "1,500,000/12,000,000 images")]
)
def test_an_amount_is_written_in_its_unit(unit, text):
    facts = {"task": "loading", "done": 1_500_000, "total": 12_000_000, "unit": unit}
    assert amount(DataProgressed(seconds=1.0, **facts)) == text


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), ([1, 2, 3], "1, 2 and 3")]
)
def test_words_are_listed_as_in_a_sentence(words, text):
    assert enumerate_words(words) == text


def test_verbs_agree_and_clauses_join():
    assert [agree(count, "gets", "get") for count in (1, 2)] == ["gets", "get"]
    assert join_clauses(["a is b", "c is d"]) == "a is b; c is d."
    assert join_clauses([]) is None
