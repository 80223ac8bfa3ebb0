"""A run and the folder that keeps it: the events of both, as one stream.

What a run needs of the disk is seen to here, so that whoever shows the events need not know
whether anything is kept, and whether it is the first process that works on it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue

from bn_tui.control import Control
from bn_tui.engine.experiment import run
from bn_tui.errors import OutputError
from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    ResumptionNoted,
    RunEnded,
    RunStarted,
    SamplesChosen,
    SavingFailed,
)
from bn_tui.records.checkpoints import Checkpointer
from bn_tui.records.excerpt import Excerpt
from bn_tui.records.folder import RunFolder, is_recorded, lock, open_folder
from bn_tui.records.plan import Plan
from bn_tui.records.recorder import Recorder
from bn_tui.records.resuming import plan
from bn_tui.running.wire import Order


class KeptTraining:
    """A run that is about to be trained, from its start or from where it stopped."""

    def __init__(self, order: Order, plan: Plan | None) -> None:
        self._order = order
        self._plan = plan
        self.config = order.config if plan is None else plan.config
        self._recalls = plan is not None and plan.keeps_the_beginning
        self._failures: SimpleQueue[tuple[str, str]] = SimpleQueue()

    @property
    def excerpt(self) -> Excerpt | None:
        """What its record keeps; None where it keeps nothing."""
        return None if self._plan is None or not self._recalls else self._plan.excerpt

    def recall(self) -> Iterator[Event]:
        """Give what its record keeps, which was stated by the processes before."""
        return iter(()) if self._plan is None else (event for event, _ in self._plan.lines())

    def train(self, control: Control) -> Iterator[Event]:
        """Train it, keep it, and give what is new, and how it goes on.

        Raises:
            BnTuiError: nothing was trained: the data are not to be had, the folder cannot be
                written, or what the run goes on with is not what it was.
        """
        if self._order.folder is None:
            yield from run(self.config, control)
            return
        plan = self._plan
        recorder = Recorder(self._order.folder, plan=plan, report=self._report)
        checkpointer = Checkpointer(
            RunFolder(self._order.folder),
            recorder.sync,
            report=self._report,
            resumed=None if plan is None else plan.checkpoint,
        )
        notes = _Notes(plan)
        resumption = None if plan is None else plan.resumption
        try:
            events = run(self.config, control, resumption=resumption, keep=checkpointer.keep)
            for event in events:
                if isinstance(event, RunEnded):
                    checkpointer.close()  # what cannot be saved is said before the end
                yield from self._tell_failures(recorder, event.seconds)
                recorder.handle(event)
                # What could not be written of this very event; the record may have ended with it.
                yield from self._tell_failures(recorder, event.seconds)
                if not (self._recalls and _begins(event)):
                    yield event
                yield from notes.take(event.seconds, recorder.differences)
        finally:
            checkpointer.close()

    def _report(self, what: str, reason: str) -> None:
        self._failures.put((what, reason))

    def _tell_failures(self, recorder: Recorder, seconds: float) -> Iterator[SavingFailed]:
        while not self._failures.empty():
            what, reason = self._failures.get()
            failure = SavingFailed(seconds=seconds, what=what, reason=reason)
            recorder.handle(failure)
            yield failure


class _Notes:
    """What a person should know of how a run goes on, each told once."""

    def __init__(self, plan: Plan | None) -> None:
        self._forced = dict.fromkeys([] if plan is None else plan.forced_before)
        self._untold = [(text, True) for text in self._forced]
        self._untold += [(text, False) for text in ([] if plan is None else plan.notes)]

    def take(self, seconds: float, differences: Sequence[str]) -> Iterator[ResumptionNoted]:
        """Give what has not been told yet; `differences` are what is forced so far."""
        new = dict.fromkeys(text for text in differences if text not in self._forced)
        self._forced |= new
        told, self._untold = [*self._untold, *((text, True) for text in new)], []
        for text, forced in told:
            yield ResumptionNoted(seconds=seconds, text=text, forced=forced)


def _begins(event: Event) -> bool:
    """Whether an event is about the beginning of a run, which is there once."""
    return isinstance(event, RunStarted | DataProgressed | DataLoaded | SamplesChosen)


@contextmanager
def keep(order: Order) -> Iterator[KeptTraining]:
    """Make a run ready, and let no other process write its folder meanwhile.

    Raises:
        BnTuiError: another process writes it or has written it, or it cannot go on.
    """
    if order.folder is None:
        yield KeptTraining(order, None)
        return
    with lock(order.folder):
        if order.resumes:
            going_on = plan(open_folder(order.folder), order.changes, force=order.force)
            yield KeptTraining(order, going_on)
        elif is_recorded(order.folder):
            # Since it was found empty: a run of another process, which has ended meanwhile.
            raise OutputError(f"{order.folder}: holds a run already; name a new folder")
        else:
            yield KeptTraining(order, None)
