import tomllib
from pathlib import Path

from bn_tui.events import RunStarted, VariantEvent
from bn_tui.insight.history import RunHistory
from bn_tui.looking_back.touring import find_recording, open_step
from bn_tui.tour import STEPS

ROOT = Path(__file__).parents[2]


def test_each_step_has_its_own_variants_of_the_whole_run():
    for step in STEPS:
        run, history = open_step(step), RunHistory()
        assert run.config.variants == step.variants
        assert (run.ended, run.origin, run.replay, run.error) == (True, "recorded", None, None)
        while events := run.take(1000):
            for event in events:
                assert not isinstance(event, VariantEvent) or event.variant in step.variants
                history.add(event)
        assert history.ended
        assert tuple(history.variants) == step.variants
        assert run.now() == history.summary.seconds
        assert run.native_output(10) == ""


def test_the_recording_is_small_and_knows_no_machine():
    assert find_recording().stat().st_size < 300_000
    started = next(e for e in open_step(STEPS[0]).take(9) if isinstance(e, RunStarted))
    assert started.config["data"] == "mnist"
    assert "platform" not in started.environment


def test_the_build_puts_it_where_an_installed_package_looks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    targets = project["tool"]["hatch"]["build"]["targets"]
    assert targets["wheel"]["force-include"] == {"assets/tour": "bn_tui/assets/tour"}
    assert "assets" in targets["sdist"]["include"]
    assert find_recording().resolve() == (ROOT / "assets" / "tour" / "tour.jsonl.gz").resolve()
