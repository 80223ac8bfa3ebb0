import csv
import io
import math

from bn_tui.events import StepTrained, ValidationEvaluated
from bn_tui.exporting.table import render_table


def rows_of(record):
    text = b"".join(render_table(record)).decode()
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_number_has_a_row(told):
    rows = [tuple(row.values()) for row in rows_of(told)]
    assert rows == [
        ("plain", "train", "0", "loss", "0.30000000000000004", "1.0", "", ""),
        ("plain", "train", "0", "accuracy", "0.125", "1.0", "", ""),
        ("plain", "validation", "0", "loss", "0.3333333333333333", "1.25", "", ""),
        ("plain", "validation", "0", "accuracy", "0.1", "1.25", "", ""),
        ("layers", "train", "0", "loss", "inf", "1.5", "", ""),
        ("layers", "train", "0", "accuracy", "0.0", "1.5", "", ""),
        ("plain", "train", "1", "loss", "1e-300", "2.0", "", ""),
        ("plain", "train", "1", "accuracy", "0.25", "2.0", "", ""),
        ("plain", "batch", "1", "loss", "nan", "2.0", "", ""),
        ("plain", "batch", "1", "accuracy", "0.5", "2.0", "", ""),
        ("plain", "validation", "1", "loss", "0.5", "2.5", "", ""),
        ("plain", "validation", "1", "accuracy", "0.9", "2.5", "", ""),
        ("plain", "test", "1", "loss", "0.5", "3.0", "", ""),
        ("plain", "test", "1", "accuracy", "0.95", "3.0", "", ""),
        ("plain", "samples", "1", "accuracy", "0.6666666666666666", "3.25", "", ""),
    ]


def test_what_was_seen_inside_has_a_row_for_each_layer_and_each_kind_of_statistics(probed):
    rows = [tuple(row.values()) for row in rows_of(probed)]
    assert [row[1:] for row in rows if row[5] == "1.25"] == [
        ("layers", "0", "input_mean", "0.5", "1.25", "", "1"),
        ("layers", "0", "input_mean", "nan", "1.25", "", "2"),
        ("layers", "0", "moving_variance", "1.0", "1.25", "", "1"),
        ("layers", "0", "moving_variance", "2.0", "1.25", "", "2"),
        ("layers", "0", "probe_seconds", "0.1", "1.25", "", ""),
    ]
    assert [row[1:] for row in rows if row[5] == "2.75"] == [
        ("probe", "1", "images", "5000.0", "2.75", "", ""),
        ("probe", "1", "loss", "0.375", "2.75", "moving", ""),
        ("probe", "1", "accuracy", "0.125", "2.75", "moving", ""),
        ("probe", "1", "loss", "0.25", "2.75", "batch", ""),
        ("probe", "1", "accuracy", "0.5", "2.75", "batch", ""),
        ("probe", "1", "loss", "0.125", "2.75", "precise", ""),
        ("probe", "1", "accuracy", "0.75", "2.75", "precise", ""),
        ("probe", "1", "starting_share", "0.9801", "2.75", "moving", ""),
        ("probe", "1", "probe_seconds", "0.0625", "2.75", "", ""),
    ]
    assert {row[0] for row in rows} == {"manual:2"}


def test_a_run_that_has_just_begun_has_a_header(just_begun):
    assert b"".join(render_table(just_begun)) == (
        b"variant,split,step,metric,value,seconds,statistics,layer\r\n"
    )


def test_every_number_of_a_real_run_is_read_back_exactly(recorded):
    kinds = {"train": StepTrained, "validation": ValidationEvaluated}
    rows = rows_of(recorded)
    events = list(recorded.events())
    for split, kind in kinds.items():
        read = [
            (row["variant"], int(row["step"]), float(row["value"]), float(row["seconds"]))
            for row in rows
            if (row["split"], row["metric"]) == (split, "loss")
        ]
        stated = [(x.variant, x.step, x.loss, x.seconds) for x in events if type(x) is kind]
        assert read == stated
        assert len(read) > 20
    assert all(math.isfinite(float(row["value"])) for row in rows)


def test_a_variant_that_the_run_did_not_name_is_left_out(record_of, told):
    events = list(told.events())
    stranger = StepTrained(
        seconds=9.0, variant="stranger", step=0, loss=1.0, accuracy=0.0, step_seconds=1.0
    )
    before = rows_of(told)
    assert rows_of(record_of([*events, stranger])) == before
