import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.config import (
    MOST_BATCH_SIZE,
    ExperimentConfig,
    check_batch_sizes,
    parse_momentum,
    parse_positive_number,
    parse_preset,
    parse_variants,
    parse_whole_number,
)
from bn_tui.errors import DataFormatError, ExitCode, UsageError
from bn_tui.variants import DEFAULT_VARIANTS, PRESETS, VARIANTS, find_variant

NAMES = st.builds(
    lambda name, size: name if size is None else f"{name}:{size}",
    st.sampled_from(list(VARIANTS)),
    st.none() | st.integers(1, MOST_BATCH_SIZE),
)


def test_the_defaults_are_those_of_the_original():
    config = ExperimentConfig()
    assert config.variants == DEFAULT_VARIANTS == ("plain", "layers", "manual")
    assert (config.batches, config.batch_size, config.learning_rate) == (800, 64, 0.002)
    assert (config.log_every, config.validate_every, config.checkpoint_every) == (25, 100, 100)
    assert (config.probe_every, config.bn_momentum, config.bn_epsilon) == (25, 0.99, 0.001)


def test_a_config_is_plain_data():
    values = ExperimentConfig(variants=("nn",), seed=3).as_dict()
    assert json.loads(json.dumps(values)) == values
    assert values["variants"] == ["nn"]
    assert values["seed"] == 3
    assert ExperimentConfig.from_dict(values, "here") == ExperimentConfig(variants=("nn",), seed=3)


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
    ("text", "value"),
    [("0.002", 0.002), ("1", 1.0), ("2e-38", 2e-38), (" 5. ", 5.0), ("1e30", 1e30)],
)
def test_a_positive_number_is_read(text, value):
    assert parse_positive_number("--learning-rate", text, example="0.002") == value


@pytest.mark.parametrize(
    "text",
    ["0", "-0.0", "-1", "nan", "inf", "-inf", "1e400", "1e-400", "1e-60", "", "fast", "1,5", "1_0"],
)
def test_anything_else_is_no_positive_number(text):
    with pytest.raises(UsageError) as caught:
        parse_positive_number("--learning-rate", text, example="0.002")
    assert str(caught.value) == (
        f"--learning-rate {text or repr(text)}: expected a finite number above 0, "
        "from 1.2e-38 to 3.4e+38, such as 0.002"
    )


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("0.9", 0.9), (" .99 ", 0.99)])
def test_a_momentum_is_read(text, value):
    assert parse_momentum("--bn-momentum", text) == value


@pytest.mark.parametrize("text", ["1", "1.0", "-0.1", "nan", "inf", "", "most", "0_1"])
def test_anything_else_is_no_momentum(text):
    with pytest.raises(UsageError) as caught:
        parse_momentum("--bn-momentum", text)
    assert str(caught.value) == (
        f"--bn-momentum {text or repr(text)}: expected a number from 0 to below 1, such as 0.99"
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain", ("plain",)),
        ("plain,layers,manual", ("plain", "layers", "manual")),
        (" fused , nn ", ("fused", "nn")),
        ("all", tuple(VARIANTS)),
        (" all ", tuple(VARIANTS)),
        ("group:2", ("group:2",)),
        ("group:2,group:4, group", ("group:2", "group:4", "group")),
        ("group:002", ("group:2",)),
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
        f"--variants {text}: {wrong}; accepted are {', '.join(VARIANTS)}, "
        "with commas between, or all"
    )


@pytest.mark.parametrize(
    ("text", "twice"), [("nn,plain, nn", "nn"), ("nn:2,nn,nn:02", "nn:2"), ("nn:4,nn:4", "nn:4")]
)
def test_a_variant_named_twice_is_refused(text, twice):
    with pytest.raises(UsageError) as caught:
        parse_variants("--variants", text)
    assert str(caught.value) == (
        f"--variants {text}: {twice} is named twice; name each variant once"
    )


@pytest.mark.parametrize(
    "name",
    ["group:", "group:0", "group:-2", "group:+2", "group: 2", "group:2.0", "group:2:3", "group:x",
     "group:1000001", "group:٣", f"group:{'9' * 5000}"],
)  # fmt: skip
def test_what_is_no_batch_size_behind_a_name_is_refused(name):
    with pytest.raises(UsageError) as caught:
        parse_variants("--variants", f"plain,{name}")
    assert str(caught.value) == (
        f"--variants plain,{name}: expected a batch size from 1 to 1,000,000 behind the ':' of "
        f"{name!r}, such as group:2"
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("gruop:2", "no variant 'gruop' (did you mean group?)"),
        ("all:2", "no variant 'all'"),
        (":2", "no variant ''"),
    ],
)
def test_a_batch_size_behind_no_variant_is_refused(text, wrong):
    with pytest.raises(UsageError, match=r"^--variants ") as caught:
        parse_variants("--variants", text)
    assert f": {wrong}; accepted are" in str(caught.value)


@given(names=st.lists(NAMES, min_size=1, unique=True), blanks=st.text(" ", max_size=3))
def test_names_are_read_as_they_are_written(names, blanks):
    text = f"{blanks},{blanks}".join(names)
    assert parse_variants("--variants", text) == tuple(names)
    assert ExperimentConfig(variants=tuple(names)).variants == tuple(names)


@given(text=st.text() | st.lists(NAMES | st.text(":,@ 0129ag", max_size=4)).map(",".join))
def test_any_text_is_variants_that_there_are_or_refused_in_words(text):
    try:
        names = parse_variants("--variants", text)
    except UsageError:
        return
    assert [find_variant(name).name for name in names] == list(names)
    assert parse_variants("--variants", ",".join(names)) == names


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_variants_that_can_be_trained(name):
    variants = parse_preset("--preset", name)
    assert parse_variants("--variants", ",".join(variants)) == variants


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("mistake", "--preset mistake: no such preset (did you mean mistakes?)"),
        ("Cure", "--preset Cure: no such preset (did you mean cure?)"),
        ("", "--preset '': no such preset"),
        ("plain", "--preset plain: no such preset"),
    ],
)
def test_an_unknown_preset_is_named_with_the_nearest(text, wrong):
    with pytest.raises(UsageError) as caught:
        parse_preset("--preset", text)
    assert str(caught.value) == (
        f"{wrong}; accepted are original, mistakes, norms, small-batch, cure"
    )


@pytest.mark.parametrize("variants", [("all",), ("group:02",), ("plain ",)])
def test_a_config_has_each_variant_by_its_own_name(variants):
    with pytest.raises(UsageError, match=r"--variants .*: expected each variant by its own name"):
        ExperimentConfig(variants=variants)


def test_a_variant_has_the_runs_batch_size_or_its_own():
    config = ExperimentConfig(variants=("manual", "manual:2", "group:8"), batch_size=4)
    assert config.batch_sizes == {"manual": 4, "manual:2": 2, "group:8": 8}
    assert not config.epochs_agree
    assert ExperimentConfig(variants=("manual", "manual:4"), batch_size=4).epochs_agree


def test_a_batch_is_at_most_the_training_set():
    config = ExperimentConfig(variants=("plain", "manual:55000"), batch_size=55_000)
    check_batch_sizes(config, 55_000)


@pytest.mark.parametrize(
    ("variants", "batch_size", "said"),
    [
        (("manual:2", "plain"), 55_001, "--batch-size 55001: expected a whole number"),
        (("plain", "manual:55001"), 64, "--variants manual:55001: expected a batch size"),
    ],
)
def test_a_larger_batch_is_refused(variants, batch_size, said):
    with pytest.raises(UsageError) as caught:
        check_batch_sizes(ExperimentConfig(variants=variants, batch_size=batch_size), 55_000)
    assert str(caught.value) == f"{said} from 1 to 55,000, the number of training images"


@pytest.mark.parametrize(
    ("variants", "batch_size", "where"),
    [
        (("plain", "manual"), 1, "--batch-size 1"),
        (("layers", "fused"), 1, "--batch-size 1"),
        (("manual", "manual:1"), 64, "manual:1"),
        (("nn:1", "manual", "renorm:1", "layers"), 1, "nn:1, --batch-size 1, renorm:1"),
        (("manual:2", "nn"), 2, None),
        (("plain", "group", "layer", "instance", "plain-he", "frozen"), 1, None),
        (("manual:2", "group:1"), 1, None),
    ],
)
def test_who_normalises_one_image_by_itself_is_told(variants, batch_size, where):
    config = ExperimentConfig(variants=variants, batch_size=batch_size)
    note = f"{where}: batch norm normalises with the statistics of one image"
    assert config.notes == (() if where is None else (note,))


def test_a_run_from_before_there_was_a_setting_is_as_it_was_then():
    recorded = ExperimentConfig(variants=("nn",), seed=3).as_dict()
    for setting in ("checkpoint_every", "probe_every", "bn_momentum", "bn_epsilon"):
        del recorded[setting]
    then = ExperimentConfig(variants=("nn",), seed=3, probe_every=0)
    assert ExperimentConfig.from_dict(recorded, "here") == then
