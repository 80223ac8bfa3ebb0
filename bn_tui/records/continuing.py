"""Going on with a recorded run: what a resumed process states again, and whether it is the same."""

from collections.abc import Iterator
from dataclasses import replace

from bn_tui.errors import ChangedError
from bn_tui.events import (
    DataLoaded,
    DataProgressed,
    Event,
    Phase,
    PhaseEntered,
    RunEnded,
    RunStarted,
    SamplesChosen,
    Status,
    VariantEnded,
    VariantEvent,
)
from bn_tui.records.comparing import compare_data, compare_environment
from bn_tui.records.identity import Identity, describe_data
from bn_tui.records.plan import Plan

#: What every process goes through on its way to the first step.
_PREPARING = frozenset(
    {
        Phase.WAITING,
        Phase.LOADING_DATA,
        Phase.LOADING_TENSORFLOW,
        Phase.BUILDING,
        Phase.COMPILING,
    }
)


class Continuation:
    """Sees every event of a resumed process before it is recorded."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._differences = list(plan.differences)
        self._environment = plan.identity.environment
        self._data = dict(plan.identity.data)
        #: Variants that have not come back yet to where the record leaves them.
        self._returning = set(plan.resumption.states)

    @property
    def differences(self) -> list[str]:
        """What is other than it was, where the person insisted."""
        return self._differences

    @property
    def identity(self) -> Identity:
        """What the run is from now on."""
        return replace(
            self._plan.identity,
            config=self._plan.config.as_dict(),
            environment=self._environment,
            data=self._data,
        )

    def lines(self) -> Iterator[tuple[Event, bytes]]:
        """The events that the record keeps, with their lines."""
        return self._plan.lines()

    def takes(self, event: Event) -> bool:
        """Whether the event belongs to the record: it says something that is not there yet.

        Raises:
            ChangedError: environment or data are not those of the run, and nobody insisted.
        """
        match event:
            case RunStarted():
                self._check(compare_environment(self._plan.identity, event))
                self._environment = event.environment
                return not self._plan.keeps_the_beginning
            case DataLoaded():
                self._check(compare_data(self._plan.identity, event))
                self._data[event.role] = describe_data(event)
                return not self._plan.keeps_the_beginning
            case DataProgressed() | SamplesChosen():
                return not self._plan.keeps_the_beginning
            case VariantEvent() if event.variant in self._returning:
                return self._is_back(event)
            case VariantEvent():
                return event.variant not in self._plan.resumption.ended
        return True

    def is_before_the_work(self, event: Event) -> bool:
        """Whether the record can stay as it was for all that this event says.

        A process that is stopped before it has done anything leaves no trace.
        """
        match event:
            case VariantEnded(status=Status.STOPPED):
                return True
            case RunEnded():
                return self._plan.resumption.ended != set(self._plan.config.variants)
        return False

    def _check(self, differences: list[str]) -> None:
        if differences and not self._plan.forced:
            raise ChangedError(
                f"{self._plan.folder.path}: {', '.join(differences)}; --force goes on all the same"
            )
        self._differences += differences

    def _is_back(self, event: VariantEvent) -> bool:
        if isinstance(event, PhaseEntered) and event.phase in _PREPARING:
            return False
        self._returning.remove(event.variant)
        # The phase that the record leaves the variant in has been stated.
        return not (
            isinstance(event, PhaseEntered) and event.phase is self._plan.phases.get(event.variant)
        )
