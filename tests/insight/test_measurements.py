from bn_tui.events import RunStarted, TestEvaluated, ValidationEvaluated
from bn_tui.insight.measurements import Split, measurements


def start(*variants):
    return RunStarted(
        seconds=0.0,
        schema=1,
        started_at="2026-01-01T00:00:00+00:00",
        config={"variants": list(variants)},
        environment={},
    )


def validate(step, *, final=False, variant="plain", seconds=1.0):
    return ValidationEvaluated(
        seconds=seconds, variant=variant, step=step, loss=0.5, accuracy=0.25, final=final
    )


def test_a_final_validation_of_the_same_weights_is_told_once():
    events = [start("plain", "layers"), validate(0), validate(0, final=True, seconds=2.0)]
    told = list(measurements([*events, validate(0, variant="layers"), validate(1)]))
    assert [(x.variant, x.step, x.seconds) for x in told if x.metric == "loss"] == [
        ("plain", 0, 1.0),
        ("layers", 0, 1.0),
        ("plain", 1, 1.0),
    ]
    assert {x.split for x in told} == {Split.VALIDATION}


def test_variants_that_the_run_did_not_name_are_left_out():
    stranger = TestEvaluated(seconds=1.0, variant="stranger", loss=0.5, accuracy=0.5)
    assert not list(measurements([start("plain"), stranger]))
