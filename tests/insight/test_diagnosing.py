import time
from dataclasses import replace

import pytest

from bn_tui.events import StatisticsCompared, ValidationEvaluated
from bn_tui.insight.diagnosing import VariantDiagnoses
from bn_tui.insight.diagnosis import Check, Gravity, Sign
from bn_tui.insight.history import RunHistory


def dead(story, *shares, variant="plain", start=0):
    """Probes, 25 steps after one another, with these shares of dead ReLUs."""
    for place, share in enumerate(shares):
        story.look_inside_without_norm(variant, start + 25 * place, dead_share=(share,))


def test_a_run_that_has_just_begun_has_none(story):
    assert story.history.diagnoses == ()
    story.start("plain")
    assert story.history.diagnoses == story.history.diagnoses_of("plain") == ()
    assert story.history.diagnoses_of("layers") == ()


def test_they_stand_by_variant_and_then_in_the_order_in_which_they_began(story):
    story.start("plain", "layers")
    dead(story, 0.1, 0.6, variant="layers")
    dead(story, 0.1, 0.6)
    story.train("plain", 26, loss=0.4)
    story.look_inside_without_norm("plain", 50, gradient_norm=(1e-8,))
    assert [(each.variant, each.code, each.first) for each in story.history.diagnoses] == [
        ("plain", "dead-relus", 25),
        ("plain", "gradients", 50),
        ("layers", "dead-relus", 25),
    ]
    assert [each.variant for each in story.history.diagnoses_of("layers")] == ["layers"]


def test_the_gravest_stands_first_though_it_began_last(story):
    story.start("plain")
    dead(story, 0.6)
    story.train("plain", 100)
    story.validate("plain", 100, 0.099)
    story.validate("plain", 200, 0.099)
    assert [each.badge for each in story.history.diagnoses] == ["one digit", "dead ReLUs"]
    assert story.history.diagnoses[0].check.gravity is Gravity.WORTHLESS


def test_of_equally_grave_ones_the_oldest_stands_first_though_it_was_found_later(story):
    story.start("plain")
    for step in (100, 200):
        story.train("plain", *range(step - 100, step), loss=0.326)
        story.validate("plain", step, 0.099)
    found = story.history.diagnoses
    assert [(each.code, each.first) for each in found] == [
        ("one-digit", 100),
        ("learns-nothing", 200),
    ]
    assert {each.check.gravity for each in found} == {Gravity.WORTHLESS}


@pytest.mark.parametrize(
    ("shares", "span", "when"),
    [
        ((0.1, 0.6), (25, 25, None), ""),
        ((0.1, 0.6, 0.6), (25, 50, None), "since batch 25"),
        ((0.1, 0.6, 0.1), (25, 25, 50), "at batch 25"),
        ((0.1, 0.6, 0.6, 0.1, 0.1), (25, 50, 75), "from batch 25 to batch 50"),
        ((0.6, 0.1, 0.6), (0, 50, None), "since batch 0, with breaks"),
        ((0.6, 0.1, 0.6, 0.1), (0, 50, 75), "from batch 0 to batch 50, with breaks"),
    ],
)
def test_each_knows_from_when_to_when(story, shares, span, when):
    story.start("plain")
    dead(story, *shares)
    found = story.found("dead-relus")
    assert (found.first, found.last, found.ended) == span
    assert found.when == when
    assert found.still is (found.ended is None)


def test_the_weightiest_sign_is_kept_and_of_equal_ones_the_latest(story):
    story.start("plain")
    dead(story, 0.6, 0.8, 0.8, 0.7)
    assert story.found("dead-relus").evidence["step"] == 50


def test_what_begins_or_ends_is_told_with_the_event_that_shows_it(story):
    story.start("plain")
    dead(story, 0.6)
    (begun,) = story.history.turns
    assert (begun.code, begun.still) == ("dead-relus", True)
    dead(story, 0.6, start=25)
    assert story.history.turns == ()
    dead(story, 0.1, start=50)
    (ended,) = story.history.turns
    assert (ended.code, ended.ended) == ("dead-relus", 50)
    story.train("plain", 51)
    assert story.history.turns == ()


def test_what_begins_again_is_told_as_it_is_now(story):
    story.start("plain")
    dead(story, 0.9, 0.1, 0.6)
    (turn,) = story.history.turns
    assert (turn.first, turn.evidence["dead_share"]) == (50, 0.6)
    assert story.found("dead-relus").evidence["dead_share"] == 0.9


def test_what_was_known_too_late_began_earlier(story):
    story.start("plain")
    for step in (100, 200):
        story.validate("plain", step, 0.1126)
    (turn,) = story.history.turns
    assert (turn.first, turn.last) == (100, 200)


def test_as_plain_data(story):
    story.start("plain")
    dead(story, 0.6, 0.7, 0.1)
    found = story.found("dead-relus")
    assert found.as_dict() == {
        "code": "dead-relus",
        "variant": "plain",
        "badge": "dead ReLUs",
        "first": 0,
        "last": 25,
        "ended": 50,
        "still": False,
        "spells": 1,
        "evidence": {"step": 25, "layer": 1, "dead_share": 0.7, "images": 64},
        "sentence": found.sentence,
    }
    assert "results" not in story.history.as_results()
    assert story.history.as_results()["variants"]["plain"]["diagnoses"] == [found.as_dict()]


def test_a_variant_is_told_by_what_it_does_and_not_by_its_name(story):
    def tell(name):
        story.history = RunHistory()
        story.start(name)
        story.train(name, 0)
        story.look_inside(name, 0, input_p15=(0.0,) * 20)
        story.validate(name, 100, 0.1126)
        story.compare(name, 100, 0.1, 0.1, 0.1, share=1.0)
        story.look_inside(name, 125, moving_mean=(0.0,) * 20, moving_variance=(1.0,) * 20)
        story.validate(name, 200, 0.0924)
        story.test(name, 0.96)
        story.score(name, 8, 2)
        return [replace(each, variant="") for each in story.history.diagnoses]

    assert len(tell("manual")) == 4
    for name in ("forgot-updates", "frozen", "group:2", "what no version has"):
        assert tell(name) == tell("manual")


def test_where_all_is_well_there_is_nothing_but_the_lag(story):
    story.start("manual")
    for step in range(800):
        if step % 25 == 0:
            left = 0.99 ** (step + 1)
            story.look_inside("manual", step)
            moving = 0.1 + 0.86 * (1 - left) ** 8
            story.compare("manual", step, moving, 0.96 if step else 0.1, 0.95 if step else 0.1)
        story.train("manual", step, loss=0.03, accuracy=0.98)
        if step % 100 == 0:
            story.validate("manual", step, 0.0986 if step < 300 else 0.96)
    story.test("manual", 0.96)
    story.score("manual", 97, *range(10))
    story.end("manual")
    (lag,) = story.history.diagnoses
    assert (lag.code, lag.first) == ("lag", 25)
    assert 400 < lag.ended < 800


def test_a_look_costs_next_to_nothing(story):
    """All looks of six variants over 800 steps; a redraw only asks for what they have come to."""
    variants = [f"variant {number}" for number in range(6)]
    story.start(*variants)
    for step in range(0, 800, 25):
        for variant in variants:
            story.look_inside(variant, step, dead_share=(0.6,) * 20)
            story.compare(variant, step, 0.1, 0.9, 0.9)
    fastest = min(_time(lambda: story.history.diagnoses) for _ in range(20))
    assert len(story.history.diagnoses) == 12
    assert fastest < 0.001


def _time(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def test_only_what_a_check_looks_at_is_looked_at(story, monkeypatch):
    looked = []

    def find(look):
        looked.append((look.step, look.held))
        return Sign(claim="is looked at", grounds="of course", evidence={})

    check = Check("looked-at", "looked", Gravity.NOTED, "All is.", (StatisticsCompared,), find)
    module = "bn_tui.insight.diagnosing._CHECKS_AFTER"
    monkeypatch.setattr(module, {StatisticsCompared: (check,), ValidationEvaluated: ()})
    story.start("manual")
    variant, diagnoses = story.history.variants["manual"], VariantDiagnoses("manual")
    facts = {"seconds": 1.0, "variant": "manual", "images": 250, "final": False}
    judged = {
        f"{name}_{what}": 0.5
        for name in ("moving", "batch", "precise")
        for what in ("loss", "accuracy")
    }
    for step in (25, 50):
        event = StatisticsCompared(
            **facts, **judged, step=step, starting_share=0.5, probe_seconds=0.1
        )
        diagnoses.look(event, variant, story.history.summary)
    assert looked == [(25, False), (50, True)]
