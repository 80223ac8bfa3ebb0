import pytest

from bn_tui.variants import PRESETS, VARIANTS, Statistics, find_variant


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_found_by_its_name(name):
    assert find_variant(name) is VARIANTS[name]
    assert find_variant(f"{name}@2026-11-23-calm:otter") is VARIANTS[name]


@pytest.mark.parametrize("called", ["group:2", "group:2@calm-otter"])
def test_a_batch_size_of_its_own_stands_behind_the_name(called):
    variant = find_variant(called)
    assert (variant.name, variant.norm, variant.batch_size) == ("group:2", "group", 2)
    assert variant.summary == f"{VARIANTS['group'].summary}; in batches of 2"


@pytest.mark.parametrize("name", ["", "plian", "plian:2", "@plain"])
def test_what_is_none_is_not_found(name):
    with pytest.raises(KeyError):
        find_variant(name)


def test_what_is_no_batch_size_is_refused():
    with pytest.raises(ValueError, match="invalid literal"):
        find_variant("group:many")


def test_those_that_take_each_image_alone_need_no_batch():
    alone = [name for name, variant in VARIANTS.items() if not variant.needs_batch]
    assert alone == ["plain", "frozen", "group", "layer", "instance", "plain-he"]
    assert VARIANTS["frozen"].wiring.training is Statistics.MOVING


def test_the_presets_differ():
    assert len({preset.variants for preset in PRESETS.values()}) == len(PRESETS)
