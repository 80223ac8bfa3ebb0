import base64
import threading
import zlib
from functools import cache

import numpy as np
import pytest
import tensorflow as tf
from engine.streams import ends, of_kind

from bn_tui.control import Control
from bn_tui.engine import experiment, tools, trainer
from bn_tui.engine.norms import NORMS, Bias
from bn_tui.errors import DataFormatError, UsageError
from bn_tui.events import (
    DataLoaded,
    HundredScored,
    LayersProbed,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    SamplesChosen,
    StatisticsCompared,
    Status,
    StepTrained,
    ValidationEvaluated,
    VariantEnded,
    VariantEvent,
)
from bn_tui.variants import VARIANTS, Kind

ALL = tuple(name for name in VARIANTS if VARIANTS[name].kind is Kind.ORIGINAL)
#: Other statistics at inference; a norm that has none, and a batch size of its own.
OTHERS = ("precise", "instance:2")


@pytest.fixture(scope="module")
def run(configure):
    """Settings → every event; each run is made once."""
    return cache(lambda **settings: list(experiment.run(configure(**settings), Control())))


def result(events, variant):
    """What must not depend on anything but seed and settings."""
    (ended,) = of_kind(events, VariantEnded, variant)
    (scored,) = of_kind(events, HundredScored, variant)
    assert (ended.status, ended.steps) == (Status.DONE, 6)
    return (
        ended.weights_sha256,
        scored.predictions,
        [(step.loss, step.accuracy) for step in of_kind(events, StepTrained, variant)],
        [event.loss for event in of_kind(events, ValidationEvaluated, variant)],
    )


def test_a_run_says_what_it_is_then_everything_then_that_it_ended(run, configure, digits_folder):
    events = run(variants=ALL)
    started, ended = events[0], events[-1]
    assert isinstance(started, RunStarted)
    assert isinstance(ended, RunEnded)
    assert started.config == configure(variants=ALL).as_dict()
    assert started.environment["threads"] == 2
    assert {"tensorflow", "keras", "numpy", "python", "cpu"} <= started.environment.keys()
    assert ended.peak_memory_bytes > 50e6
    (loaded,) = of_kind(events, DataLoaded)
    assert (loaded.role, loaded.name) == ("train", digits_folder.name)
    counts = loaded.training_images, loaded.validation_images, loaded.test_images
    assert counts == (220, 20, 120)
    assert len(of_kind(events, RunStarted)) == len(of_kind(events, RunEnded)) == 1


@pytest.mark.parametrize("variant", ALL)
def test_every_variant_goes_its_whole_way(run, variant):
    events = of_kind(run(variants=ALL), VariantEvent, variant)
    phases = [event.phase for event in events if isinstance(event, PhaseEntered)]
    assert phases[:6] == [
        Phase.LOADING_DATA,
        Phase.LOADING_TENSORFLOW,
        Phase.WAITING,
        Phase.BUILDING,
        Phase.COMPILING,
        Phase.TRAINING,
    ]
    assert phases[-2:] == [Phase.VALIDATING, Phase.TESTING]
    assert [event.step for event in events if isinstance(event, StepTrained)] == list(range(6))
    validated = [event.step for event in events if isinstance(event, ValidationEvaluated)]
    assert validated == [0, 4, 5]
    assert isinstance(events[-1], VariantEnded)
    assert [event.seconds for event in events] == sorted(event.seconds for event in events)


def test_other_variants_go_their_whole_way_and_are_looked_into(run):
    events = run(variants=OTHERS, probe_every=4)
    for name in OTHERS:
        result(events, name)
        assert [probe.step for probe in of_kind(events, LayersProbed, name)] == [0, 4]
    compared = {event.variant for event in of_kind(events, StatisticsCompared)}
    assert compared == {"precise"}


@pytest.mark.parametrize("variant", ALL)
def test_together_is_one_after_another(run, variant):
    together, in_turn = run(variants=ALL), run(variants=ALL, sequential=True)
    assert result(together, variant) == result(in_turn, variant)


def test_one_after_another_never_overlaps(run):
    events = of_kind(run(variants=ALL, sequential=True), VariantEvent)
    begun = [event for event in events if getattr(event, "phase", None) is not Phase.WAITING]
    working = [event.variant for event in begun[2 * len(ALL) :]]
    turns = [name for at, name in enumerate(working) if at == 0 or working[at - 1] != name]
    assert turns == list(ALL)


@pytest.mark.parametrize("variant", ["plain", "manual"])
def test_together_is_alone(run, variant):
    assert result(run(variants=ALL), variant) == result(run(variants=(variant,)), variant)


def test_graphs_are_built_in_the_order_of_the_variants(run):
    entered = of_kind(run(variants=ALL), PhaseEntered)
    assert tuple(event.variant for event in entered if event.phase is Phase.COMPILING) == ALL


def test_the_same_seed_is_the_same_run(run, configure):
    again = list(experiment.run(configure(variants=("plain",)), Control()))
    assert result(again, "plain") == result(run(variants=("plain",)), "plain")


def test_another_seed_is_another_run(run):
    first = result(run(variants=("plain",)), "plain")
    other = result(run(variants=("plain",), seed=1), "plain")
    assert first[0] != other[0]
    assert first[2] != other[2]


def test_variants_are_not_copies_of_one_another(run):
    digests = {event.weights_sha256 for event in of_kind(run(variants=ALL), VariantEnded)}
    assert len(digests) == len(ALL)


def test_nobody_has_to_listen(configure):
    """The trainers go on to the end while the stream is not read."""
    events = experiment.run(configure(variants=("plain",)), Control())
    for event in events:
        if isinstance(event, PhaseEntered) and event.phase is Phase.BUILDING:
            break
    (trainer,) = [thread for thread in threading.enumerate() if thread.name == "plain"]
    trainer.join(timeout=60)
    assert not trainer.is_alive()
    rest = list(events)
    assert len(of_kind(rest, StepTrained)) == 6
    assert ends(rest)["plain"].status is Status.DONE


def test_the_test_images_may_be_another_set_s(configure, digits_folder):
    config = configure(variants=("plain",), batches=1, test_data=str(digits_folder))
    events = list(experiment.run(config, Control()))
    loaded = of_kind(events, DataLoaded)
    assert [event.role for event in loaded] == ["train", "test"]
    assert sum(loaded[0].test_class_counts) == loaded[0].test_images == 120
    assert sum(loaded[0].validation_class_counts) == loaded[0].validation_images == 20
    assert loaded[0].sha256 == loaded[1].sha256


def test_the_hundred_images_are_in_the_stream(run, digits):
    events = run(variants=ALL)
    (samples,) = of_kind(events, SamplesChosen)
    pixels = zlib.decompress(base64.b64decode(samples.pixels))
    images = np.frombuffer(pixels, np.uint8).reshape(-1, samples.side, samples.side)
    assert (images == digits[1].images[:100]).all()
    assert samples.labels == tuple(digits[1].labels[:100])


@pytest.mark.usefixtures("built_once")
class TestTrouble:
    def test_one_that_diverges_ends_alone(self, configure, monkeypatch):
        class Overflowing(Bias):
            def infer(self, inputs, parameters, statistics):
                return super().infer(inputs, parameters, statistics) * 1e30

        monkeypatch.setitem(NORMS, "bias", Overflowing)
        events = list(experiment.run(configure(variants=("plain", "manual")), Control()))
        plain, manual = (ends(events)[name] for name in ("plain", "manual"))
        assert plain.status is Status.DIVERGED
        assert plain.steps == len(of_kind(events, StepTrained, "plain")) < 6
        assert "batch" in plain.reason
        assert (manual.status, manual.steps, manual.reason) == (Status.DONE, 6, None)

    def test_one_that_raises_ends_alone(self, configure, monkeypatch):
        class Raising(Bias):
            def train(self, *_):
                raise RuntimeError("no such mathematics\nand a second line")

        monkeypatch.setitem(NORMS, "bias", Raising)
        config = configure(variants=("plain", "manual"))
        events = list(experiment.run(config, Control()))
        plain, manual = (ends(events)[name] for name in ("plain", "manual"))
        assert (plain.status, plain.steps) == (Status.FAILED, 0)
        assert plain.reason == "RuntimeError: no such mathematics"
        assert plain.weights_sha256 is None
        assert (manual.status, manual.steps) == (Status.DONE, 6)
        assert isinstance(events[-1], RunEnded)
        assert "and a second line" in plain.details
        assert plain.details.startswith("Traceback")

    def test_one_that_never_builds_keeps_nobody_waiting(self, configure, monkeypatch):
        class Raising(trainer.Trainer):
            def __init__(self, variant, *arguments, **others):
                if variant.name == "plain":
                    raise RuntimeError("no room for it")
                super().__init__(variant, *arguments, **others)

        monkeypatch.setattr(trainer, "Trainer", Raising)
        events = list(experiment.run(configure(variants=("plain", "manual")), Control()))
        assert ends(events)["plain"].reason == "RuntimeError: no room for it"
        assert ends(events)["manual"].status is Status.DONE

    def test_in_turn_the_next_one_follows(self, configure, monkeypatch):
        class Raising(Bias):
            def __init__(self, *_):
                raise ValueError

        monkeypatch.setitem(NORMS, "bias", Raising)
        config = configure(variants=("plain", "manual"), sequential=True)
        events = list(experiment.run(config, Control()))
        assert ends(events)["plain"].reason == "ValueError"
        assert ends(events)["manual"].status is Status.DONE

    @pytest.mark.parametrize(
        "error",
        [
            MemoryError("not enough"),
            tf.errors.ResourceExhaustedError(None, None, "{{node A}} not enough\nof it"),
        ],
    )
    def test_out_of_memory_ends_one_alone(self, configure, monkeypatch, error):
        make_step = tools.TrainingStep

        class Exhausted:
            def __init__(self, network, *arguments):
                self._step = make_step(network, *arguments)
                self._left = 2 if isinstance(network.norms["dense"], Bias) else 1_000_000

            def __call__(self, *batch):
                self._left -= 1
                if self._left < 0:
                    raise error
                return self._step(*batch)

        monkeypatch.setattr(tools, "TrainingStep", Exhausted)
        config = configure(variants=("plain", "manual", "nn"))
        events = list(experiment.run(config, Control()))
        plain, *others = (ends(events)[name] for name in config.variants)
        assert (plain.status, plain.steps) == (Status.FAILED, 2)
        assert plain.reason == "out of memory: not enough"
        assert "Traceback" in plain.details
        assert [(other.status, other.steps) for other in others] == [(Status.DONE, 6)] * 2
        assert isinstance(events[-1], RunEnded)


@pytest.mark.usefixtures("built_once")
class TestStop:
    def test_in_the_middle_keeps_what_there_is(self, configure):
        control, events = Control(), []
        config = configure(variants=("plain", "manual"), batches=1_000_000)
        for event in experiment.run(config, control):
            events.append(event)
            if isinstance(event, StepTrained):
                control.stop()
        assert isinstance(events[-1], RunEnded)
        for name, ended in ends(events).items():
            steps = of_kind(events, StepTrained, name)
            assert ended.status is Status.STOPPED
            assert ended.steps == len(steps) < 1_000_000
            assert ended.reason is None
        assert max(ended.steps for ended in ends(events).values()) > 0
        assert not of_kind(events, HundredScored)

    def test_one_variant_stops_alone(self, configure):
        control, events = Control(), []
        control.stop_variant("plain")
        config = configure(variants=("plain", "manual"))
        events.extend(experiment.run(config, control))
        assert (ends(events)["plain"].status, ends(events)["plain"].steps) == (Status.STOPPED, 0)
        assert ends(events)["manual"].status is Status.DONE

    def test_one_that_does_not_notice_is_left_behind(self, configure, monkeypatch):
        building, go_on = threading.Event(), threading.Event()

        class Endless(Bias):
            def __init__(self, shape, settings):
                super().__init__(shape, settings)
                building.set()
                go_on.wait(60)

        monkeypatch.setitem(NORMS, "bias", Endless)
        monkeypatch.setattr(experiment, "_LONGEST_STOP", 0.1)
        control, events = Control(), []
        for event in experiment.run(configure(variants=("plain",)), control):
            events.append(event)
            if building.is_set():
                control.stop()
            elif isinstance(event, PhaseEntered) and event.phase is Phase.BUILDING:
                assert building.wait(10)
                control.stop()
        go_on.set()
        assert ends(events)["plain"].status is Status.STOPPED
        assert isinstance(events[-1], RunEnded)
        (thread,) = (thread for thread in threading.enumerate() if thread.name == "plain")
        thread.join(10)
        assert not thread.is_alive()

    @pytest.mark.parametrize("sequential", [False, True])
    def test_before_the_first_batch_ends_everything(self, configure, sequential):
        control = Control()
        control.stop()
        config = configure(variants=("plain", "manual"), sequential=sequential)
        events = list(experiment.run(config, control))
        assert ends(events).keys() == {"plain", "manual"}
        for ended in ends(events).values():
            assert (ended.status, ended.steps) == (Status.STOPPED, 0)
            assert ended.reason is None
            assert ended.weights_sha256 is None
        assert isinstance(events[-1], RunEnded)
        assert not of_kind(events, StepTrained)


class TestData:
    def refuse(self, config, error):
        events = []
        with pytest.raises(error) as caught:
            events.extend(experiment.run(config, Control()))
        assert not of_kind(events, VariantEnded)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def test_a_name_that_is_none_is_refused(self, configure):
        message = self.refuse(configure(data="mnits"), UsageError)
        assert message.startswith("--data mnits: no data set 'mnits'")
        assert "mnist" in message

    @pytest.mark.parametrize(
        ("field", "option"), [("data", "--data"), ("test_data", "--test-data")]
    )
    def test_a_folder_of_something_else_is_refused(self, configure, tmp_path, field, option):
        (tmp_path / "train-images-idx3-ubyte").write_bytes(b"nothing of the kind")
        message = self.refuse(configure(**{field: str(tmp_path)}), DataFormatError)
        assert message.startswith(f"{option} {tmp_path}: {tmp_path}: train-labels")

    def test_a_batch_of_more_than_there_is_is_refused(self, configure):
        message = self.refuse(configure(batch_size=221), UsageError)
        assert message.startswith("--batch-size 221: expected a whole number from 1 to 220")
