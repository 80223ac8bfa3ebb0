"""The race, on a recorded run."""

from dataclasses import replace

import pytest

from bn_tui.events import Phase, PhaseEntered, RunStarted, Status, VariantEnded

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
def test_where_there_is_room_the_numbers_say_what_they_are(on_screen, until, size, named):
    lines = on_screen(until(40), size)
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
