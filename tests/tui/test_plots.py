"""From a run's history to its charts and to what is read of them."""

from dataclasses import replace
from math import inf, nan

import pytest
from probed_runs import compare

from bn_tui.events import (
    DataProgressed,
    Phase,
    PhaseEntered,
    RunStarted,
    Status,
    StepTrained,
    Unit,
    ValidationEvaluated,
    VariantEnded,
)
from bn_tui.insight.buckets import Axis
from bn_tui.insight.history import RunHistory
from bn_tui.tui.drawing import UNICODE, Stroke
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import SMOOTHINGS, Plotter, Quantity, View, waiting_words
from bn_tui.tui.readings import Reading, read_at, read_last
from bn_tui.tui.x_axis import XAxis

PALETTE = Palette(UNICODE, dark=True, ink="#ffffff", faint="#808080", alarm="#ff0000")


def start(*variants, batches=800):
    history = RunHistory()
    config = {"variants": list(variants), "batches": batches, "batch_size": 50, "test_data": None}
    history.add(RunStarted(seconds=0, schema=1, started_at="", config=config, environment={}))
    return history


def train(history, variant, losses, *, step_seconds=0.1):
    first = history.variants[variant].summary.steps
    for step, loss in enumerate(losses, first):
        facts = {"accuracy": step / 1000, "step_seconds": step_seconds}
        history.add(StepTrained(seconds=0, variant=variant, step=step, loss=loss, **facts))


def validate(history, variant, step, loss, accuracy=0.5):
    facts = {"loss": loss, "accuracy": accuracy, "final": False}
    history.add(ValidationEvaluated(seconds=0, variant=variant, step=step, **facts))


def judge(history, variant, step, *accuracies, loss=0.375):
    names = ("moving_accuracy", "batch_accuracy", "precise_accuracy")
    said = dict(zip(names, accuracies, strict=True)) | {"moving_loss": loss}
    history.add(replace(compare(variant, step), **said))


def end(history, variant, status):
    steps = history.variants[variant].summary.steps
    history.add(VariantEnded(seconds=0, variant=variant, status=status, steps=steps))


def plot(history, columns=400, **view):
    names = tuple(history.variants)
    return Plotter(history, PALETTE, View(**view)).chart(names, Quantity.LOSS, columns)


def test_every_variant_has_a_dim_band_and_bright_marks():
    history = start("plain", "manual")
    for variant in ("plain", "manual"):
        train(history, variant, [0.7, 0.5, 0.6])
        validate(history, variant, 2, 0.4)
    chart = plot(history)
    assert [(line.label, line.stroke, line.dim) for line in chart.lines] == [
        ("plain", Stroke.BAND, True),
        ("plain", Stroke.MARKS, False),
        ("manual", Stroke.BAND, True),
        ("manual", Stroke.MARKS, False),
    ]
    looks = [PALETTE.look(line.label) for line in chart.lines]
    assert [(line.hue, line.marker) for line in chart.lines] == [
        (look.hue, look.marker) for look in looks
    ]
    assert chart.lines[0].highs == (0.7, 0.5, 0.6)
    assert chart.lines[1].xs == (2,)


@pytest.mark.parametrize("weight", SMOOTHINGS[1:])
def test_smoothing_draws_the_average_without_bias_over_a_fainter_band(weight):
    losses = [0.7, 0.1, 0.5, 0.3, 0.9]
    history = start("plain")
    train(history, "plain", losses)
    band, average, _ = plot(history, smoothing=weight).lines
    assert band.dim
    assert band.hue == PALETTE.fade(average.hue) != average.hue
    assert (average.stroke, average.dim) == (Stroke.LINE, False)
    weights = [weight**age for age in range(len(losses))]
    for end, value in enumerate(average.lows, start=1):
        fading = weights[end - 1 :: -1]
        exact = sum(map(lambda x, y: x * y, losses[:end], fading)) / sum(fading)
        assert value == pytest.approx(exact)
    assert average.lows == average.highs
    assert average.xs == (0, 1, 2, 3, 4)


def test_an_average_is_thinned_to_the_last_of_each_column_of_dots():
    history = start("plain", batches=3000)
    train(history, "plain", [0.5, 0.7] * 1000)
    (_, whole, _), (_, thin, _) = (
        plot(history, columns, smoothing=0.9).lines for columns in (3000, 40)
    )
    assert len(whole.xs) == 2000
    assert 40 < len(thin.xs) <= 80
    points = dict(zip(whole.xs, whole.lows, strict=True))
    assert all(points[x] == low for x, low in zip(thin.xs, thin.lows, strict=True))
    assert thin.xs[-1] == 1999


def test_a_hidden_variant_has_no_say_in_the_range_of_the_loss():
    history = start("plain", "manual")
    train(history, "plain", [0.7, 0.1])
    train(history, "manual", [0.9, 3.0])
    assert Plotter(history, PALETTE).y_range(Quantity.LOSS) == (0, 3)
    hiding = Plotter(history, PALETTE, View(hidden=frozenset({"manual"}), log_loss=True))
    assert hiding.y_range(Quantity.LOSS) == (0.1, 0.7)
    assert hiding.y_range(Quantity.ACCURACY) == (0, 1)
    assert hiding.x_range == Plotter(history, PALETTE).x_range


def test_a_loss_that_explodes_does_not_flatten_the_others():
    history = start("plain")
    train(history, "plain", [0.5, 1e9, nan, inf])
    assert Plotter(history, PALETTE).y_range(Quantity.LOSS) == (0, 2)


@pytest.mark.parametrize(
    ("axis", "xs"), [(Axis.STEP, (0, 1)), (Axis.EPOCH, (0, 1)), (Axis.SECONDS, (0.1, 0.2))]
)
def test_the_axis_is_named_and_everything_stands_on_it(axis, xs):
    history = start("plain")
    train(history, "plain", [0.5, 0.4])
    chart = plot(history, axis=axis)
    assert chart.x_label == axis
    assert chart.lines[0].xs == pytest.approx(xs)


def test_only_the_loss_is_drawn_in_logarithms():
    history = start("plain")
    train(history, "plain", [0.5, 0.4])
    assert plot(history, log_loss=True).log_y
    plotter = Plotter(history, PALETTE, View(log_loss=True))
    assert not plotter.chart(("plain",), Quantity.ACCURACY, 40).log_y


def test_a_chart_without_a_point_says_what_it_waits_for():
    both = ("plain", "manual")
    assert waiting_words(RunHistory(), both) == "starting"
    history = start(*both)
    assert waiting_words(history, both) == "waiting"
    assert waiting_words(history, ()) == "every variant is hidden"
    facts = {"done": 1, "total": 2, "unit": Unit.IMAGES}
    history.progress = DataProgressed(seconds=0, task="drawing digits", **facts)
    assert waiting_words(history, both) == "drawing digits"
    history.progress = None
    for variant, phase in zip(both, (Phase.TRAINING, Phase.COMPILING), strict=True):
        history.add(PhaseEntered(seconds=0, variant=variant, phase=phase))
    assert waiting_words(history, both) == "waiting for the first batch"
    end(history, "plain", Status.FAILED)
    assert waiting_words(history, both) == "compiling"
    end(history, "manual", Status.STOPPED)
    assert waiting_words(history, both) == "failed before the first batch"


def test_the_last_of_everything_is_read():
    history = start("plain")
    assert read_last(None) == read_last(history.variants["plain"]) == Reading()
    train(history, "plain", [0.7, 0.5, nan])
    validate(history, "plain", 1, 0.4, 0.25)
    reading = read_last(history.variants["plain"])
    assert reading.step == 2
    assert reading.figures == (pytest.approx(nan, nan_ok=True), 0.4, 0.002, 0.25)


def test_at_a_step_its_training_and_the_latest_validation_are_read():
    history = start("plain")
    train(history, "plain", [0.7, 0.6, 0.5, 0.4])
    validate(history, "plain", 1, 0.33, 0.25)
    validate(history, "plain", 3, 0.22, 0.75)
    plain, axis = history.variants["plain"], XAxis(history)
    assert read_at(plain, axis, 0) == Reading(0, (0.7, None, 0, None))
    assert read_at(plain, axis, 1) == Reading(1, (0.6, 0.33, 0.001, 0.25))
    assert read_at(plain, axis, 2) == Reading(2, (0.5, 0.33, 0.002, 0.25))
    assert read_at(plain, axis, 3) == Reading(3, (0.4, 0.22, 0.003, 0.75))
    assert read_at(plain, axis, 4) == read_at(None, axis, 0) == Reading()


def test_of_merged_steps_the_mean_is_read():
    history = start("plain", batches=5000)
    train(history, "plain", range(4097))
    reading = read_at(history.variants["plain"], XAxis(history), 7)
    assert reading.step == 7
    assert reading.figures[0] == pytest.approx((4 + 5 + 6 + 7) / 4)


def test_on_an_axis_of_seconds_each_is_read_at_the_step_it_was_at_by_then():
    history = start("plain", "manual")
    train(history, "plain", [0.7, 0.6, 0.5, 0.4], step_seconds=1.0)
    train(history, "manual", [0.9, 0.8], step_seconds=2.0)
    axis = XAxis(history, Axis.SECONDS)
    read = {name: read_at(variant, axis, 3.0) for name, variant in history.variants.items()}
    assert (read["plain"].step, read["manual"].step) == (2, 1)
    assert read["manual"].figures[0] == 0.8


def test_a_difference_is_of_two_finite_figures():
    one, other = Reading(5, (0.7, None, inf, 0.5)), Reading(5, (0.5, 0.4, 0.5, 0.75))
    assert one.minus(other) == (pytest.approx(0.2), None, None, -0.25)
    assert one.minus(one) == (0, None, None, 0)


def test_a_chart_depends_on_all_but_the_cursor_and_what_no_dot_shows():
    history = start("plain", "manual", batches=2000)
    train(history, "plain", [0.5] * 100)
    names = ("plain", "manual")

    def version(columns=20, names=names, **view):
        return Plotter(history, PALETTE, View(**view)).version(names, Quantity.LOSS, columns)

    before = version()
    assert version(cursor=50.0) == before
    others = [version(smoothing=0.9), version(log_loss=True), version(columns=40)]
    others += [version(axis=Axis.SECONDS), version(names=("plain",))]
    assert before not in others
    assert len(set(others)) == len(others)
    train(history, "plain", [0.4])
    assert version() == before  # a dot is six steps wide
    assert version(columns=400) != before
    validate(history, "plain", 100, 0.4)
    validated = version()
    train(history, "plain", [0.4] * 20)
    moved = version()
    end(history, "plain", Status.DONE)
    assert len({before, validated, moved, version()}) == 4


def judged_run():
    history = start("plain", "manual")
    for variant in history.variants:
        train(history, variant, [0.7, 0.5, 0.6])
        validate(history, variant, 0, 0.4)
    for step, moving in ((0, 0.1), (1, 0.2), (2, 0.9)):
        judge(history, "manual", step, moving, 0.8, 0.85)
    return history


def test_judgements_have_one_hue_and_a_stroke_each():
    history = judged_run()
    chart = Plotter(history, PALETTE).chart(["manual"], Quantity.ACCURACY, 400)
    band, gap, moving, batch, precise, validation = chart.lines
    strokes = (Stroke.BAND, Stroke.GROUND, Stroke.LINE, Stroke.DASHES, Stroke.POINTS, Stroke.POINTS)
    assert tuple(line.stroke for line in chart.lines) == strokes
    look = PALETTE.look("manual")
    assert {line.hue for line in (moving, batch, precise, validation)} == {look.hue}
    assert (band.hue, gap.hue) == (PALETTE.fade(look.hue), PALETTE.tint(look.hue))
    assert precise.marker not in UNICODE.markers
    assert validation.marker == look.marker
    assert (moving.lows, batch.lows, precise.lows) == ((0.1, 0.2, 0.9), (0.8,) * 3, (0.85,) * 3)


def test_the_gap_reaches_from_moving_averages_to_the_better_of_the_others():
    history = judged_run()
    _, gap, *_ = Plotter(history, PALETTE).chart(["manual"], Quantity.ACCURACY, 400).lines
    assert gap.lows[:2] == (0.1, 0.2)
    assert gap.highs[:2] == (0.85, 0.85)
    assert [value != value for value in (gap.lows[2], gap.highs[2])] == [True, True]  # noqa: PLR0124 -- NaN


def test_the_loss_has_its_judgements_and_no_gap():
    chart = Plotter(judged_run(), PALETTE).chart(["manual"], Quantity.LOSS, 400)
    assert [line.stroke for line in chart.lines].count(Stroke.GROUND) == 0
    _, moving, batch, precise, _ = chart.lines
    assert [line.lows[0] for line in (moving, batch, precise)] == [0.375, 0.25, 0.125]


def test_without_batch_norm_a_variant_is_drawn_as_ever():
    chart = Plotter(judged_run(), PALETTE).chart(["plain"], Quantity.ACCURACY, 400)
    band, marks = chart.lines
    assert (band.hue, band.stroke, marks.stroke) == (marks.hue, Stroke.BAND, Stroke.MARKS)


@pytest.mark.parametrize(("shaded", "gaps"), [(None, 1), ("manual", 1), ("plain", 0)])
def test_one_variant_alone_may_be_shaded(shaded, gaps):
    plotter = Plotter(judged_run(), PALETTE, View(shaded=shaded))
    chart = plotter.chart(["plain", "manual"], Quantity.ACCURACY, 400)
    assert [line.stroke for line in chart.lines].count(Stroke.GROUND) == gaps


def test_crosses_stand_apart_and_where_they_were_measured():
    history = start("manual")
    train(history, "manual", [0.5] * 800)
    for step in range(0, 800, 5):
        judge(history, "manual", step, 0.1, 0.8, step / 1000)
    chart = Plotter(history, PALETTE).chart(["manual"], Quantity.ACCURACY, 40)
    precise = chart.lines[4]
    assert len(precise.xs) == 10
    assert precise.lows == tuple(x / 1000 for x in precise.xs)


def test_a_moving_loss_higher_than_any_step_s_is_in_the_range():
    history = judged_run()
    judge(history, "manual", 3, 0.1, 0.8, 0.9, loss=1.5)
    assert Plotter(history, PALETTE).y_range(Quantity.LOSS) == (0, 1.5)


def test_a_chart_depends_on_what_was_judged():
    history = judged_run()

    def version(**view):
        return Plotter(history, PALETTE, View(**view)).version(["manual"], Quantity.LOSS, 40)

    before = version()
    assert version(shaded="manual") != before
    judge(history, "manual", 3, 0.1, 0.8, 0.9)
    assert version() != before


def test_judgements_are_read_last_or_at_a_place():
    history = judged_run()
    manual, axis = history.variants["manual"], XAxis(history)
    assert read_last(manual).judged == (0.9, 0.8, 0.85)
    assert read_at(manual, axis, 1.0).judged == (0.2, 0.8, 0.85)
    assert read_at(manual, axis, 1.0).figures[-1] == 0.5
    assert read_last(history.variants["plain"]).judged == (None,) * 3
    assert read_at(manual, axis, 70.0) == Reading()
