import json

import pytest

from bn_tui.config import (
    ExperimentConfig,
    check_batch_size,
    parse_positive_number,
    parse_variants,
    parse_whole_number,
)
from bn_tui.errors import DataFormatError, ExitCode, UsageError
from bn_tui.variants import DEFAULT_VARIANTS, VARIANTS


def test_the_defaults_are_those_of_the_original():
    config = ExperimentConfig()
    assert config.variants == DEFAULT_VARIANTS == ("plain", "layers", "manual")
    assert (config.batches, config.batch_size, config.learning_rate) == (800, 64, 0.002)
    assert (config.log_every, config.validate_every, config.checkpoint_every) == (25, 100, 100)


def test_a_config_is_plain_data():
    values = ExperimentConfig(variants=("nn",), seed=3).as_dict()
    assert json.loads(json.dumps(values)) == values
    assert values["variants"] == ["nn"]
    assert values["seed"] == 3
    assert ExperimentConfig.from_dict(values, "here") == ExperimentConfig(variants=("nn",), seed=3)


def test_a_setting_that_came_later_has_its_default():
    values = ExperimentConfig(checkpoint_every=3).as_dict()
    del values["checkpoint_every"]
    assert ExperimentConfig.from_dict(values, "here") == ExperimentConfig()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "no setting is called 'colour'"),
        ({"batches": "800"}, "batches cannot be '800'"),
        ({"batches": True}, "batches cannot be True"),
        ({"sequential": 1}, "sequential cannot be 1"),
        ({"test_data": 1}, "test_data cannot be 1"),
        ({"variants": "plain"}, "variants cannot be 'plain'"),
        ({"variants": [1]}, "variants cannot be [1]"),
        ({"variants": ["../../plain"]}, "--variants ../../plain: no variant '../../plain'"),
        ({"batches": 0}, "--batches 0: expected a whole number"),
    ],
)
def test_what_is_no_setting_is_said_with_where_it_was_read(changes, said):
    with pytest.raises(DataFormatError) as caught:
        ExperimentConfig.from_dict(ExperimentConfig().as_dict() | changes, "events.jsonl")
    assert str(caught.value).startswith(f"events.jsonl: {said}")
    assert caught.value.exit_code == ExitCode.DATA_FORMAT


def test_settings_that_are_missing_are_named():
    values = ExperimentConfig().as_dict()
    del values["seed"], values["batches"]
    with pytest.raises(DataFormatError, match="here: it does not say batches, seed"):
        ExperimentConfig.from_dict(values, "here")


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("800", 800), ("1000", 1000), ("+7", 7), (" 12 ", 12)]
)
def test_a_whole_number_is_read(text, value):
    assert parse_whole_number("--batches", text, 1, 1000) == value


@pytest.mark.parametrize(
    "text",
    ["0", "-1", "1001", "1e2", "1e9x", "2.0", "", "nan", "inf", "0x10", "1_0", "٣", "9" * 5000],
)
def test_anything_else_is_no_whole_number(text):
    with pytest.raises(UsageError) as caught:
        parse_whole_number("--batches", text, 1, 1000)
    assert str(caught.value) == (
        f"--batches {text or repr(text)}: expected a whole number from 1 to 1,000"
    )
    assert caught.value.exit_code == ExitCode.USAGE == 2


def test_zero_can_be_accepted():
    assert parse_whole_number("--seed", "0", 0, 2**32 - 1) == 0
    with pytest.raises(UsageError, match=r"^--seed x: .* from 0 to 4,294,967,295$"):
        parse_whole_number("--seed", "x", 0, 2**32 - 1)


@pytest.mark.parametrize(
    ("text", "value"), [("0.002", 0.002), ("1", 1.0), ("1e-8", 1e-8), (" 5. ", 5.0), ("1e30", 1e30)]
)
def test_a_positive_number_is_read(text, value):
    assert parse_positive_number("--learning-rate", text) == value


@pytest.mark.parametrize(
    "text", ["0", "-0.0", "-1", "nan", "inf", "-inf", "1e400", "1e-400", "", "fast", "1,5", "1_0"]
)
def test_anything_else_is_no_positive_number(text):
    with pytest.raises(UsageError) as caught:
        parse_positive_number("--learning-rate", text)
    assert str(caught.value) == (
        f"--learning-rate {text or repr(text)}: expected a finite number above 0, "
        "at most 3.4e+38, such as 0.002"
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain", ("plain",)),
        ("plain,layers,manual", ("plain", "layers", "manual")),
        (" fused , nn ", ("fused", "nn")),
        ("all", tuple(VARIANTS)),
        (" all ", tuple(VARIANTS)),
    ],
)
def test_variants_are_read_in_the_order_given(text, names):
    assert parse_variants("--variants", text) == names


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("plian", "no variant 'plian' (did you mean plain?)"),
        ("plain,Layers", "no variant 'Layers' (did you mean layers?)"),
        ("manaul,plain", "no variant 'manaul' (did you mean manual?)"),
        ("Layers", "no variant 'Layers' (did you mean layers?)"),
        ("ALL", "no variant 'ALL' (did you mean all?)"),
        ("al", "no variant 'al' (did you mean all?)"),
        ("plain,ALL", "no variant 'ALL'"),
        ("zzz", "no variant 'zzz'"),
        ("", "no variant ''"),
        ("plain,", "no variant ''"),
        ("all,plain", "no variant 'all'"),
    ],
)
def test_an_unknown_variant_is_named_with_the_nearest(text, wrong):
    with pytest.raises(UsageError) as caught:
        parse_variants("--variants", text)
    assert str(caught.value) == (
        f"--variants {text}: {wrong}; accepted are plain, layers, manual, nn, fused, "
        "with commas between, or all"
    )


def test_a_variant_named_twice_is_refused():
    with pytest.raises(UsageError) as caught:
        parse_variants("--variants", "nn,plain, nn")
    assert str(caught.value) == (
        "--variants nn,plain, nn: nn is named twice; name each variant once"
    )


def test_a_batch_is_at_most_the_training_set():
    check_batch_size(55_000, 55_000)
    with pytest.raises(UsageError) as caught:
        check_batch_size(55_001, 55_000)
    assert str(caught.value) == (
        "--batch-size 55001: expected a whole number from 1 to 55,000, "
        "the number of training images"
    )
