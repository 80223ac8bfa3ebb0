import json
from dataclasses import replace

import pytest
from probed_runs import probe
from told_runs import probed_story

from bn_tui.events import HundredScored, StepTrained
from bn_tui.exporting.document import render_document


def document_of(record):
    text = b"".join(render_document(record)).decode()

    def refuse(constant):
        pytest.fail(f"{constant} is no strict JSON")

    return json.loads(text, parse_constant=refuse)


def test_all_of_a_run_is_in_it(told):
    document = document_of(told)
    assert (document["format"], document["version"]) == ("bn-tui run", 1)
    assert document["config"] == told.started.config
    assert document["environment"] == told.started.environment
    assert document["data"]["sha256"] == "ab" * 32
    assert document["data"]["test_class_counts"] == [2] * 10
    assert document["samples"] == {"labels": [7, 2, 1]}
    plain = document["variants"]["plain"]
    assert plain["scores"]["test_accuracy"] == 0.95
    assert plain["scores"]["status"] == "done"
    assert plain["samples"] == {"predictions": [7, 2, 8], "correct": [True, True, False]}
    assert plain["series"] == {
        "train": {
            "step": [0, 1],
            "seconds": [1.0, 2.0],
            "loss": [0.1 + 0.2, 1e-300],
            "accuracy": [0.125, 0.25],
        },
        "validation": {
            "step": [0, 1],
            "seconds": [1.25, 2.5],
            "loss": [1 / 3, 0.5],
            "accuracy": [0.1, 0.9],
        },
        "batch": {"step": [1], "seconds": [2.0], "loss": ["nan"], "accuracy": [0.5]},
    }


def test_what_was_seen_inside_is_in_it_step_by_step(probed):
    series = document_of(probed)["variants"]["manual:2"]["series"]
    assert series["layers"] == {
        "step": [0],
        "seconds": [1.25],
        "input_mean": [[0.5, "nan"]],
        "moving_variance": [[1.0, 2.0]],
        "probe_seconds": [0.1],
    }
    assert series["probe"] == {
        "step": [0, 1],
        "seconds": [1.75, 2.75],
        "images": [250.0, 5000.0],
        "moving": {
            "loss": [0.375] * 2,
            "accuracy": [0.125] * 2,
            "starting_share": [0.99, 0.99**2],
        },
        "batch": {"loss": [0.25] * 2, "accuracy": [0.5] * 2},
        "precise": {"loss": [0.125] * 2, "accuracy": [0.75] * 2},
        "probe_seconds": [0.0625] * 2,
    }
    assert series["validation"]["step"] == [0, 1]


def test_what_was_the_matter_is_in_it(record_of):
    events = probed_story()
    dead = probe("manual:2", 1, seconds=2.0, dead_share=(0.6,))
    document = document_of(record_of([*events[:6], dead]))
    (found,) = document["variants"]["manual:2"]["diagnoses"]
    assert (found["code"], found["first"], found["evidence"]["dead_share"]) == (
        "dead-relus",
        1,
        0.6,
    )


def test_two_looks_at_the_weights_of_one_step_are_two_places(record_of):
    events = probed_story()
    again = replace(events[-3], step=0)
    series = document_of(record_of([*events[:6], again]))["variants"]["manual:2"]["series"]
    assert series["probe"]["step"] == [0, 0]
    assert series["probe"]["images"] == [250.0, 5000.0]


def test_a_variant_that_diverged_says_so(told):
    layers = document_of(told)["variants"]["layers"]
    assert layers["scores"]["status"] == "diverged"
    assert layers["scores"]["reason"] == "not finite at batch 0, loss inf"
    assert layers["series"]["train"]["loss"] == ["inf"]
    assert layers["samples"] == {"predictions": None, "correct": None}


def test_a_run_that_has_just_begun_has_no_series(just_begun):
    document = document_of(just_begun)
    assert [variant["series"] for variant in document["variants"].values()] == [{}, {}]
    assert document["variants"]["plain"]["scores"]["status"] == "waiting"


def test_every_number_of_a_real_run_is_in_it(recorded):
    document = document_of(recorded)
    events = list(recorded.events())
    for name, variant in document["variants"].items():
        steps = [x for x in events if isinstance(x, StepTrained) and x.variant == name]
        assert variant["series"]["train"] == {
            "step": [x.step for x in steps],
            "seconds": [x.seconds for x in steps],
            "loss": [x.loss for x in steps],
            "accuracy": [x.accuracy for x in steps],
        }
        hundred = next(x for x in events if isinstance(x, HundredScored) and x.variant == name)
        assert variant["samples"]["correct"] == list(hundred.correct)
