"""How variants are told apart, in runs of any of them."""

from itertools import pairwise

import pytest
from textual.theme import BUILTIN_THEMES

from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.palette import suit
from bn_tui.variants import DEFAULT_VARIANTS, PRESETS, VARIANTS

THEMES = [BUILTIN_THEMES["textual-dark"], BUILTIN_THEMES["textual-light"]]
RUNS = [tuple(VARIANTS), *(preset.variants for preset in PRESETS.values())]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("run", RUNS, ids=["all", *PRESETS])
def test_no_two_variants_of_a_run_look_the_same(run, theme, glyphs):
    looks = list(map(suit(theme, glyphs, run).look, run))
    assert len(set(looks)) == len(run)
    assert all(one.hue != other.hue for one, other in pairwise(looks))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("run", [run for run in RUNS if len(run) <= 6], ids=" ".join)
def test_no_hue_and_no_marker_is_there_twice_before_all_are_used(run, theme):
    looks = list(map(suit(theme, UNICODE, run).look, run))
    assert len({look.hue for look in looks}) == len({look.marker for look in looks}) == len(run)


@pytest.mark.parametrize("run", [("manual",), *(run for run in RUNS if "manual" in run)])
def test_the_original_ones_look_the_same_in_every_run(run):
    usual, here = (suit(THEMES[0], UNICODE, names) for names in (DEFAULT_VARIANTS, run))
    for name in DEFAULT_VARIANTS:
        assert here.look(name) == usual.look(name)
    assert [usual.look(name).marker for name in DEFAULT_VARIANTS] == list("●◆▲")


def test_a_norm_keeps_its_hue_or_a_shade_of_it_at_every_batch_size():
    run = PRESETS["small-batch"].variants
    palette = suit(THEMES[0], UNICODE, run)
    sizes = [palette.look(name) for name in run if name.startswith("group:")]
    assert len(sizes) == 3
    assert len({look.marker for look in sizes}) == 3
    alone = suit(THEMES[0], UNICODE, run[:5]).look("group:2")
    assert sizes[0] == alone


def test_a_variant_keeps_its_hue_beside_those_of_other_runs():
    lines = ("manual@one", "group:2@one", "manual@two", "group:2@two")
    palette = suit(THEMES[0], UNICODE, lines)
    looks = list(map(palette.look, lines))
    assert looks[0].hue == suit(THEMES[0], UNICODE, ("manual",)).look("manual").hue
    assert len(set(looks)) == 4
    assert looks[0].hue != looks[1].hue


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_tint_is_nearer_to_the_ground_than_what_is_faded(theme):
    palette = suit(theme, UNICODE, DEFAULT_VARIANTS)
    ground = "#000000" if theme.dark else "#ffffff"
    hue = palette.look("manual").hue
    far, near = (abs(_light(each(hue)) - _light(ground)) for each in (palette.fade, palette.tint))
    assert 0 < near < far


def _light(hue):
    return sum(int(hue[start : start + 2], 16) for start in (1, 3, 5))
