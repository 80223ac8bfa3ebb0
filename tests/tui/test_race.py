"""The race, on a recorded run."""

from dataclasses import replace

import pytest

from bn_tui.events import (
    Phase,
    PhaseEntered,
    RunStarted,
    StatisticsCompared,
    Status,
    VariantEnded,
    VariantEvent,
)
from bn_tui.tui.widgets.variant_column import VariantColumn, narrow_down
from bn_tui.tui.words import short

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
def test_three_columns_stand_side_by_side_with_nothing_cut(on_screen, until, size):
    lines = on_screen(until(40), size)
    text = "\n".join(lines)
    assert all(len(line) == size[0] for line in lines)
    for name in ("plain", "layers", "manual"):
        assert name in lines[1]
    for word in ("701/800", "476/800", "560/800", ".8554", ".7256", "0:39"):
        assert word in text
    assert text.count("validation") >= 3


@pytest.mark.parametrize("width", [100, 106, 112, 118])
def test_how_fast_each_one_is_has_room_in_columns_of_any_width(on_screen, until, width):
    assert "\n".join(on_screen(until(40), (width, 30))).count("ms per step") == 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("seconds", "words"), [(0.01, "loading data"), (2, "loading TensorFlow")])
def test_no_chart_is_blank_while_it_waits(on_screen, until, size, seconds, words):
    text = "\n".join(on_screen(until(seconds), size))
    assert text.count(words) >= 6  # two charts in each column


def test_each_state_is_a_word(on_screen, until):
    started = until(0.001)
    for phase in Phase:
        entered = [
            PhaseEntered(seconds=1.0, variant=name, phase=phase)
            for name in ("plain", "layers", "manual")
        ]
        narrow, wide = (on_screen([*started, *entered], size)[1] for size in SIZES[:2])
        # Where the whole does not fit, its first word does, and the chart says the rest.
        assert narrow.count(f" {phase.split()[0]} ") == wide.count(f" {phase} ") == 3


@pytest.mark.parametrize("status", list(Status))
def test_each_end_is_a_word_with_its_reason(on_screen, until, status):
    ended = VariantEnded(
        seconds=41.0, variant="layers", status=status, reason="loss is nan", steps=476
    )
    lines = on_screen([*until(40), ended], (80, 24))
    assert f"layers {status}" in lines[1]
    assert "loss is nan" in "\n".join(lines)


def test_a_finished_run_has_its_scores_in_the_columns(on_screen, recorded):
    async def go_back(pilot):
        await pilot.press("1")

    text = "\n".join(on_screen(recorded, (80, 24), go_back))
    for figure in (".0974", ".9625", ".9634", "2/100", "99/100", "98/100"):
        assert figure in text


@pytest.mark.parametrize(("size", "named"), zip(SIZES, (0, 3, 3), strict=True))
@pytest.mark.parametrize("run", ["recorded", "probed"])
def test_where_there_is_room_the_numbers_say_what_they_are(on_screen, request, run, size, named):
    events = request.getfixturevalue(run)
    lines = on_screen(events[: len(events) // 2], size)
    assert sum(line.count("loss  accuracy") for line in lines) == named


def test_five_variants_scroll_sideways_with_the_focus(on_screen, until):
    started, *rest = until(40)
    names = ["plain", "layers", "manual", "nn", "fused"]
    assert isinstance(started, RunStarted)
    events = [replace(started, config=started.config | {"variants": names}), *rest]

    async def go_right(pilot):
        for _ in range(4):
            await pilot.press("right")

    assert on_screen(events, (80, 24))[1].count("╭") == 4  # three and a glimpse of the fourth
    assert "fused" not in on_screen(events, (80, 24))[1]
    assert "fused" in on_screen(events, (80, 24), go_right)[1]


@pytest.mark.parametrize("size", [(59, 24), (80, 17), (20, 5), (1, 1)])
def test_a_terminal_too_small_is_told_which_size_is_needed(on_screen, until, size):
    text = " ".join(" ".join(on_screen(until(40), size)).split())
    if size[0] >= 20:
        assert "bn-tui needs 60 × 18" in text
    assert "layers" not in text


def test_ascii_is_ascii(on_screen, until):
    for size in SIZES:
        text = "\n".join(on_screen(until(40), size, ascii_only=True))
        assert text.isascii(), {character for character in text if not character.isascii()}


#: Of the probed run: the moving averages of layers are about to catch up, those of manual lag.
LAGGING = 28


def last_judged(events, variant):
    return next(
        event
        for event in reversed(events)
        if isinstance(event, StatisticsCompared) and event.variant == variant
    )


def column_of(lines, place):
    """The lines of one of three columns."""
    width = len(lines[0]) // 3
    return [line[place * width : (place + 1) * width] for line in lines[1:-1]]


@pytest.mark.parametrize("size", SIZES)
def test_each_judgement_is_there_with_its_stroke_and_the_gap(on_screen, probed_until, size):
    events = probed_until(LAGGING)
    lines = on_screen(events, size)
    for place, variant in ((1, "layers"), (2, "manual")):
        column = column_of(lines, place)
        judged = last_judged(events, variant)
        for cue, name, loss, accuracy in (
            ("──", "moving", judged.moving_loss, judged.moving_accuracy),
            ("╌╌", "batch", judged.batch_loss, judged.batch_accuracy),
            ("+", "precise", judged.precise_loss, judged.precise_accuracy),
        ):
            row = next(line for line in column if f" {name} " in line).strip(" │")
            assert row.split() == [cue, name, short(loss), short(accuracy)]
        text = "\n".join(column)
        gap = max(judged.batch_accuracy, judged.precise_accuracy) - judged.moving_accuracy
        assert f" gap {gap:.3f} ".replace("0.", ".") in text
        assert f"{100 * judged.starting_share:.0f} %" in text


@pytest.mark.parametrize("size", SIZES)
def test_a_variant_without_batch_norm_has_no_judgement(on_screen, probed_until, size):
    text = "\n".join(column_of(on_screen(probed_until(LAGGING), size), 0))
    assert "no moving averages" in text
    for word in ("gap", "batch ", "precise"):
        assert word not in text


def test_of_moving_averages_nothing_is_said_before_the_first_look(on_screen, probed):
    """While one variant has been looked at and the others still wait."""
    first = next(each for each in probed if isinstance(each, StatisticsCompared))
    of_others = [
        each
        for each in probed[: probed.index(first) + 1]
        if not isinstance(each, VariantEvent) or each.variant == first.variant
    ]
    assert "no moving averages" not in "\n".join(on_screen(of_others, (120, 40)))


@pytest.mark.parametrize("size", SIZES)
def test_charts_of_all_columns_stay_beside_each_other(on_screen, probed_until, size):
    columns = [column_of(on_screen(probed_until(LAGGING), size), place) for place in range(3)]
    for word in ("loss", "accuracy", "test", "100 samples"):
        rows = [next(row for row, line in enumerate(it) if word in line[2:-2]) for it in columns]
        assert len(set(rows)) == 1, word


def test_where_there_are_few_rows_the_judgements_come_first(on_screen, probed_until):
    lines = on_screen(probed_until(LAGGING), (80, 18))
    manual = "\n".join(column_of(lines, 2))
    for word in ("moving", "batch", "precise", "start value", "gap"):
        assert word in manual


def test_at_the_least_size_the_latest_numbers_have_their_place(on_screen, probed_until):
    text = "\n".join(on_screen(probed_until(LAGGING), (60, 18)))
    for words in ("training   ", "validation ", "── moving", "╌╌ batch", "+  precise"):
        assert words in text


def test_a_run_of_long_names_has_them_whole_and_the_state_below(on_screen, probed_until):
    started, *rest = probed_until(LAGGING)
    longer = {"plain": "batch-at-inference", "layers": "forgot-updates", "manual": "relu-first"}
    events = [replace(started, config=started.config | {"variants": list(longer.values())})]
    for event in rest:
        is_theirs = isinstance(event, VariantEvent)
        events.append(replace(event, variant=longer[event.variant]) if is_theirs else event)
    lines = on_screen(events, (80, 24))
    assert all(name in lines[1] for name in longer.values())
    assert "training" not in lines[1]
    assert lines[-2].count("training") + lines[-2].count("validating") == 3


def test_names_longer_than_a_column_make_it_wider():
    longest = "batch-at-inference@calm-otter"
    columns = [VariantColumn(name) for name in ("plain@calm-otter", longest)]
    narrow_down(columns, 60)
    assert {column.styles.width.value for column in columns} == {len(longest) + 8}
    narrow_down(columns, 200)
    assert {str(column.styles.width) for column in columns} == {"1fr"}


def test_judgements_in_ascii_are_ascii(on_screen, probed_until):
    for size in SIZES:
        text = "\n".join(on_screen(probed_until(LAGGING), size, ascii_only=True))
        assert text.isascii(), {character for character in text if not character.isascii()}
        assert "+ " in text
