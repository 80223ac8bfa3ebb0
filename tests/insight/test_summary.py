import json
from dataclasses import replace

import pytest
from probed_runs import compare, probe

from bn_tui.events import (
    DataLoaded,
    HundredScored,
    Phase,
    PhaseEntered,
    Role,
    RunEnded,
    RunStarted,
    SavingFailed,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    from_json,
    to_json,
)
from bn_tui.insight.summary import RunSummary


def started(*variants, test_data=None):
    config = {"variants": list(variants), "batches": 2, "test_data": test_data}
    return RunStarted(
        seconds=0.0,
        schema=1,
        started_at="2024-01-01T00:00:00+00:00",
        config=config,
        environment={"python": "3.11"},
    )


def loaded(role, name):
    return DataLoaded(
        seconds=1.0,
        role=role,
        name=name,
        source=f"folder {name}",
        sha256=f"sha of {name}",
        training_images=110,
        validation_images=10,
        test_images=20,
        validation_class_counts=(10,),
        test_class_counts=(20,),
    )


def trained(variant, step):
    return StepTrained(
        seconds=2.0, variant=variant, step=step, loss=0.6, accuracy=0.1, step_seconds=0.1
    )


def validated(variant, step, accuracy, *, final=False):
    return ValidationEvaluated(
        seconds=3.0, variant=variant, step=step, loss=0.5, accuracy=accuracy, final=final
    )


def ended(variant, status, *, steps=2, sha256="ab"):
    return VariantEnded(
        seconds=4.0,
        variant=variant,
        status=status,
        reason=None if status is Status.DONE else "why",
        steps=steps,
        seconds_per_step=0.25 if steps else None,
        train_seconds=0.5 if steps else None,
        weights_sha256=sha256,
    )


WHOLE_VARIANT = [
    PhaseEntered(seconds=1.0, variant="plain", phase=Phase.TRAINING),
    trained("plain", 0),
    validated("plain", 0, 0.1),
    trained("plain", 1),
    validated("plain", 1, 0.2, final=True),
    TestEvaluated(seconds=3.0, variant="plain", loss=0.4, accuracy=0.3),
    HundredScored(
        seconds=3.0, variant="plain", accuracy=0.5, predictions=(1, 2), correct=(True, False)
    ),
    ended("plain", Status.DONE),
]


def summarise(*events):
    summary = RunSummary()
    for event in events:
        summary.add(event)
    return summary


def test_before_anything_there_is_nothing():
    summary = RunSummary()
    assert summary.batches == 0
    assert summary.variants == {}
    with pytest.raises(ValueError, match="not started"):
        summary.as_results()


def test_variants_stand_in_the_order_asked_for():
    summary = summarise(started("manual", "plain"), trained("plain", 0))
    assert list(summary.variants) == ["manual", "plain"]
    assert summary.variants["plain"].steps == 1
    assert summary.variants["manual"].steps == 0
    assert summary.variants["manual"].phase is Phase.WAITING
    assert summary.batches == 2


def test_the_latest_validation_counts():
    variant = summarise(started("plain"), *WHOLE_VARIANT).variants["plain"]
    assert (variant.validation_step, variant.validation_accuracy) == (1, 0.2)
    assert variant.validation_loss == 0.5


def test_the_results_have_the_documented_content():
    run_ended = RunEnded(seconds=5.0, peak_memory_bytes=1000)
    results = summarise(started("plain"), loaded(Role.TRAIN, "digits"), *WHOLE_VARIANT, run_ended)
    digits = {"name": "digits", "source": "folder digits", "sha256": "sha of digits"}
    assert results.as_results() == {
        "schema": 1,
        "started_at": "2024-01-01T00:00:00+00:00",
        "seconds": 5.0,
        "peak_memory_bytes": 1000,
        "config": {"variants": ["plain"], "batches": 2, "test_data": None},
        "environment": {"python": "3.11"},
        "data": digits,
        "test_data": digits,
        "variants": {
            "plain": {
                "status": "done",
                "reason": None,
                "steps": 2,
                "validation_step": 1,
                "validation_accuracy": 0.2,
                "validation_loss": 0.5,
                "moving_accuracy": None,
                "batch_accuracy": None,
                "precise_accuracy": None,
                "test_accuracy": 0.3,
                "hundred_accuracy": 0.5,
                "hundred_correct": (True, False),
                "seconds_per_step": 0.25,
                "train_seconds": 0.5,
                "probe_seconds": None,
                "weights_sha256": "ab",
            }
        },
    }


def test_what_was_looked_at_inside_is_in_the_results():
    results = summarise(
        started("manual", "plain"),
        trained("manual", 0),
        compare("manual", 0),
        replace(compare("manual", 1, final=True), moving_accuracy=0.25),
        probe("plain", 0),
    ).as_results()["variants"]
    names = ("moving_accuracy", "batch_accuracy", "precise_accuracy", "probe_seconds")
    assert [results["manual"][name] for name in names] == [0.25, 0.5, 0.75, 0.125]
    assert [results["plain"][name] for name in names] == [None, None, None, 0.1]


def test_a_stopped_variant_has_what_was_measured_and_null_for_the_rest():
    results = summarise(
        started("plain"),
        trained("plain", 0),
        validated("plain", 0, 0.1),
        ended("plain", Status.STOPPED, steps=1),
    ).as_results()["variants"]["plain"]
    assert results["status"] == "stopped"
    assert results["reason"] == "why"
    assert results["validation_accuracy"] == 0.1
    assert results["test_accuracy"] is None
    assert results["hundred_correct"] is None
    assert results["seconds_per_step"] == 0.25


def test_a_variant_that_never_trained_has_no_times_and_no_weights():
    end = ended("plain", Status.STOPPED, steps=0, sha256=None)
    results = summarise(started("plain"), end).as_results()["variants"]["plain"]
    assert results["steps"] == 0
    assert results["seconds_per_step"] is None
    assert results["train_seconds"] is None
    assert results["weights_sha256"] is None


def test_a_variant_under_way_says_what_it_is_doing():
    results = summarise(started("plain", "manual"), *WHOLE_VARIANT[:1]).as_results()
    assert results["variants"]["plain"]["status"] == "training"
    assert results["variants"]["manual"]["status"] == "waiting"
    assert results["data"] is None


def test_test_data_of_its_own_stands_beside_the_data():
    summary = summarise(
        started("plain", test_data="other"),
        loaded(Role.TRAIN, "digits"),
        loaded(Role.TEST, "other"),
    )
    results = summary.as_results()
    assert results["data"]["name"] == "digits"
    assert results["test_data"]["name"] == "other"


def test_test_data_that_was_not_loaded_is_not_claimed():
    summary = summarise(started("plain", test_data="other"), loaded(Role.TRAIN, "digits"))
    assert summary.as_results()["test_data"] is None


def test_a_stream_read_back_gives_the_same_results():
    events = [started("plain"), loaded(Role.TRAIN, "digits"), *WHOLE_VARIANT]
    replayed = [from_json(to_json(event)) for event in events]
    assert summarise(*replayed).as_results() == summarise(*events).as_results()
    assert json.dumps(summarise(*replayed).as_results(), allow_nan=False)


def test_what_is_not_saved_is_known_with_the_latest_reason():
    summary = RunSummary()
    for what, reason in (("checkpoints", "first"), ("events.jsonl", "full"), ("checkpoints", "b")):
        summary.add(SavingFailed(seconds=1.0, what=what, reason=reason))
    assert summary.not_saved == {"checkpoints": "b", "events.jsonl": "full"}
