"""A run whose every event and state follows from its settings, as if a network had trained."""

import hashlib
import json
import struct

from faulty_disk import FaultyDisk

from bn_tui.config import ExperimentConfig
from bn_tui.errors import BnTuiError
from bn_tui.events import (
    SCHEMA,
    DataLoaded,
    HundredScored,
    Phase,
    PhaseEntered,
    Role,
    RunEnded,
    RunStarted,
    SamplesChosen,
    Status,
    StepTrained,
    TestEvaluated,
    ValidationEvaluated,
    VariantEnded,
    VariantEvent,
    from_json,
    to_json,
)
from bn_tui.records.checkpoint import VECTORS
from bn_tui.records.checkpoints import Checkpointer
from bn_tui.records.folder import RunFolder
from bn_tui.records.recorder import Recorder
from bn_tui.state import TrainingState

CONFIG = ExperimentConfig(variants=("plain", "layers"), batches=4, data="digits")
ENVIRONMENT = {"tensorflow": "2.21.0", "threads": 2, "platform": "here", "cpu_flags": "avx2"}
PREPARING = Phase.LOADING_DATA, Phase.LOADING_TENSORFLOW, Phase.WAITING, Phase.BUILDING
PREPARING += (Phase.COMPILING,)
EVERY = 3


def weights(variant, steps):
    return hashlib.sha256(f"{variant} {steps}".encode()).digest()


def make_state(variant, steps, events):
    value = weights(variant, steps)
    vectors = {name: value if name[0] != "b" else value[:4] for name in VECTORS}
    return TrainingState(
        variant, steps, events, judged=True, vectors=vectors, timings={"sum": steps / 2}
    )


def number(variant, steps, salt):
    (value,) = struct.unpack("<I", hashlib.sha256(f"{variant}{steps}{salt}".encode()).digest()[:4])
    return value / 2**32


class ScriptedRun:
    """Yields what `engine.experiment.run` would, and calls `keep` in the same order."""

    def __init__(
        self, config, resumption, keep, *, environment=ENVIRONMENT, sha256="ab", stop=None
    ):
        self.config, self.resumption, self.keep = config, resumption, keep
        self.environment, self.sha256, self.stop = environment, sha256, stop
        self.seconds = resumption.seconds if resumption else 0.0

    def state(self, event, **facts):
        self.seconds += 0.25
        return event(seconds=self.seconds, **facts)

    def events(self):
        yield self.state(
            RunStarted,
            schema=SCHEMA,
            started_at="2026-01-01T00:00:00+00:00",
            config=self.config.as_dict(),
            environment=self.environment,
        )
        ended = self.resumption.ended if self.resumption else frozenset()
        names = [name for name in self.config.variants if name not in ended]
        for name in names:
            yield self.state(PhaseEntered, variant=name, phase=Phase.LOADING_DATA)
        yield self.state(
            DataLoaded, role=Role.TRAIN, name="digits", source="χ", sha256=self.sha256,
            training_images=9, validation_images=3, test_images=3,
            validation_class_counts=(3,), test_class_counts=(3,),
        )  # fmt: skip
        yield self.state(SamplesChosen, labels=(1,), side=28, pixels="")
        running = [self.train(name) for name in names]
        while running:
            for trainer in list(running):
                event = next(trainer, None)
                if event is None:
                    running.remove(trainer)
                else:
                    yield event
        yield self.state(RunEnded, peak_memory_bytes=1)

    def train(self, name):
        state = self.resumption.states.get(name) if self.resumption else None
        if state is not None:
            assert state == make_state(name, state.steps, state.events)
        count = state.events if state else 1
        for phase in PREPARING[1:]:
            yield self.state(PhaseEntered, variant=name, phase=phase)
            count += state is None
        yield self.state(PhaseEntered, variant=name, phase=Phase.TRAINING)
        count += state is None
        if self.stop == -1:
            yield self.end(name, Status.STOPPED, state.steps if state else 0)
            return
        for step in range(state.steps if state else 0, self.config.batches):
            for event in self.step(name, step):
                yield event
                count += 1
            if self.stop == step:
                self.keep(make_state(name, step + 1, count))
                yield self.end(name, Status.STOPPED, step + 1)
                return
            if step % EVERY == EVERY - 1:
                self.keep(make_state(name, step + 1, count))
        self.keep(make_state(name, self.config.batches, count))
        yield from self.finish(name)

    def step(self, name, step):
        loss, accuracy = number(name, step, "loss"), number(name, step, "accuracy")
        yield self.state(
            StepTrained, variant=name, step=step, loss=loss, accuracy=accuracy,
            step_seconds=self.seconds % 1,
        )  # fmt: skip
        if step % 3 == 0:
            yield from self.validate(name, step, final=False)
            yield self.state(PhaseEntered, variant=name, phase=Phase.TRAINING)

    def validate(self, name, step, *, final):
        yield self.state(PhaseEntered, variant=name, phase=Phase.VALIDATING)
        yield self.state(
            ValidationEvaluated, variant=name, step=step, loss=0.5, accuracy=0.5, final=final
        )

    def finish(self, name):
        yield from self.validate(name, self.config.batches - 1, final=True)
        yield self.state(PhaseEntered, variant=name, phase=Phase.TESTING)
        yield self.state(TestEvaluated, variant=name, loss=0.5, accuracy=0.5)
        yield self.state(
            HundredScored, variant=name, accuracy=1.0, predictions=(1,), correct=(True,)
        )
        yield self.end(name, Status.DONE, self.config.batches)

    def end(self, name, status, steps):
        return self.state(
            VariantEnded, variant=name, status=status, steps=steps,
            weights_sha256=weights(name, steps).hex(),
        )  # fmt: skip


class Watch:
    """What a recorded run has told: failures of saving, and the states that are on the disk."""

    def __init__(self):
        self.failures = []
        self.saved = {}
        self.error = None


def drive(path, *, plan=None, config=CONFIG, disk=None, watch=None, **options):
    """Record a scripted run as the composition does, but save checkpoints in this thread.

    So every operation on the disk has the same number each time.
    """
    watch = watch or Watch()
    disk = disk or FaultyDisk()
    report = lambda what, reason: watch.failures.append((what, reason))  # noqa: E731
    recorder = Recorder(path, plan=plan, report=report, disk=disk)
    resumed = plan.checkpoint if plan else None
    checkpointer = Checkpointer(
        RunFolder(path), recorder.sync, report=report, resumed=resumed, disk=disk
    )
    if plan:
        watch.saved = {name: state.steps for name, state in plan.resumption.states.items()}

    def keep(state):
        checkpointer._states[state.variant] = state
        failures = len(watch.failures)
        checkpointer._save(dict(checkpointer._states))
        if len(watch.failures) == failures and checkpointer._reported is None:
            watch.saved[state.variant] = state.steps

    resumption = plan.resumption if plan else None
    settings = plan.config if plan else config
    try:
        for event in ScriptedRun(settings, resumption, keep, **options).events():
            recorder.handle(event)
    except BnTuiError as error:
        watch.error = error
    finally:
        checkpointer.close()
        recorder._close()
    return watch


def read_record(path):
    lines = RunFolder(path).events.read_text(encoding="utf-8").splitlines()
    return [from_json(line) for line in lines]


def rows(path):
    """What each variant has stated, times aside, and what came before."""
    found = {}
    for event in read_record(path):
        values = json.loads(to_json(event))
        for time in ("seconds", "step_seconds"):
            values.pop(time, None)
        owner = event.variant if isinstance(event, VariantEvent) else ""
        found.setdefault(owner, []).append(values)
    return found
