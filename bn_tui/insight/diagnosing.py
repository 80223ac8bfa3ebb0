"""Diagnoses as they come and go: which hold, which have held, and what has just changed."""

from dataclasses import dataclass, field, replace

from bn_tui.events import EVENTS, Event, VariantEvent
from bn_tui.insight.diagnoses import CHECKS
from bn_tui.insight.diagnosis import Check, Diagnosis, Look
from bn_tui.insight.summary import RunSummary
from bn_tui.insight.variant_history import VariantHistory

#: Which checks look at a variant after which event.
_CHECKS_AFTER: dict[type[Event], tuple[Check, ...]] = {
    event: tuple(check for check in CHECKS if event in check.looks_at) for event in EVENTS.values()
}


@dataclass(slots=True)
class VariantDiagnoses:
    """The diagnoses of one variant, by code."""

    name: str
    _made: dict[str, Diagnosis] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Diagnosis, ...]:
        """Those that hold and those that have held: the gravest first, of equal ones the oldest."""
        return tuple(
            sorted(self._made.values(), key=lambda each: (-each.check.gravity, each.first))
        )

    def look(
        self, event: VariantEvent, variant: VariantHistory, run: RunSummary
    ) -> tuple[Diagnosis, ...]:
        """Look at the variant once its history has taken in the event.

        Returns:
            The diagnoses that begin with this look, and those that end with it.
        """
        turns = [
            self._check(check, Look(event, variant, run, self._holds(check.code)))
            for check in _CHECKS_AFTER[type(event)]
        ]
        return tuple(turn for turn in turns if turn is not None)

    def _holds(self, code: str) -> bool:
        return code in self._made and self._made[code].still

    def _check(self, check: Check, look: Look) -> Diagnosis | None:
        """Note whether a diagnosis holds; give it if that has changed."""
        before, sign, step = self._made.get(check.code), check.find(look), look.step
        if sign is None:
            if before is None or not before.still:
                return None
            ended = self._made[check.code] = replace(before, ended=step)
            return ended
        first = step if sign.since is None else sign.since
        now = Diagnosis(check=check, variant=self.name, first=first, last=step, sign=sign)
        if before is None:
            self._made[check.code] = now
            return now
        heaviest = sign if sign.weight >= before.sign.weight else before.sign
        spells = before.spells + (not before.still)
        self._made[check.code] = replace(
            before, last=step, ended=None, sign=heaviest, spells=spells
        )
        return None if before.still else now
