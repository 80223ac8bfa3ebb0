"""What a diagnosis is: what it is found in, what supports it, and how it is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bn_tui.events import VariantEvent
from bn_tui.insight.summary import RunSummary
from bn_tui.insight.variant_history import VariantHistory


@dataclass(frozen=True, slots=True)
class Look:
    """A variant at the moment when an event of it has been taken in.

    Attributes:
        event: the event, one of those that the diagnosis looks at.
        variant: its history, with the event.
        run: the summary of the run, for its data and settings.
        held: whether the diagnosis held at the look before.
    """

    event: VariantEvent
    variant: VariantHistory
    run: RunSummary
    held: bool = False

    @property
    def step(self) -> int:
        """The update after which the variant is looked at."""
        return int(getattr(self.event, "step", max(self.variant.summary.steps - 1, 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What supports a diagnosis at one look.

    Attributes:
        claim: what the variant does, as the predicate of a sentence.
        grounds: the clause behind it, with the numbers; in ASCII, which every log can print.
        evidence: these numbers by name.
        weight: of the signs of a diagnosis the weightiest is kept, of equal ones the latest.
        since: the step since which it holds, where that was known too late.
    """

    claim: str
    grounds: str
    evidence: Mapping[str, float]
    weight: float = 0.0
    since: int | None = None


class Gravity(IntEnum):
    """How much a diagnosis says of what a variant is worth; the gravest is said first."""

    NOTED = 1
    HINDERED = 2
    WORTHLESS = 3


@dataclass(frozen=True, slots=True)
class Check:
    """How a diagnosis is made: one module of `insight.diagnoses`.

    Attributes:
        code: what tools know it by: the module's name, with hyphens.
        badge: a word or two for where there is no room.
        gravity: how much it says of what a variant is worth.
        about: what is behind it and what helps, in a few sentences.
        looks_at: the events after which it is looked for.
        find: gives what supports it, or None where nothing does.
    """

    code: str
    badge: str
    gravity: Gravity
    about: str
    looks_at: tuple[type[VariantEvent], ...]
    find: Callable[[Look], Sign | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is the matter with a variant; it holds or has held.

    Attributes:
        check: how it was made.
        variant: whose it is.
        first: the first step at which it held.
        last: the latest one.
        ended: the step at which it was seen to hold no longer; None while it holds.
        sign: what supports it.
        spells: how often it has begun; above one it was away in between.
    """

    check: Check
    variant: str
    first: int
    last: int
    ended: int | None = None
    sign: Sign
    spells: int = 1

    @property
    def code(self) -> str:
        """What tools know it by."""
        return self.check.code

    @property
    def badge(self) -> str:
        """A word or two for where there is no room."""
        return self.check.badge

    @property
    def still(self) -> bool:
        """Whether it holds, or held to the end."""
        return self.ended is None

    @property
    def evidence(self) -> Mapping[str, float]:
        """The numbers that support it, by name."""
        return self.sign.evidence

    @property
    def when(self) -> str:
        """From when to when it has held, in words; nothing where it was seen once, just now."""
        if self.first == self.last:
            return "" if self.still else f"at batch {self.first}"
        breaks = ", with breaks" if self.spells > 1 else ""
        if self.still:
            return f"since batch {self.first}{breaks}"
        return f"from batch {self.first} to batch {self.last}{breaks}"

    @property
    def deed(self) -> str:
        """What the variant does, and when."""
        return f"{self.sign.claim} {self.when}".rstrip()

    @property
    def words(self) -> str:
        """What the variant does, when, and what says so."""
        deed = self.sign.claim if self.first == self.last else self.deed
        return f"{deed}: {self.sign.grounds}"

    @property
    def sentence(self) -> str:
        """The same as a sentence with the variant's name."""
        return f"{self.variant} {self.words}."

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain data, for JSON."""
        return {
            "code": self.code,
            "variant": self.variant,
            "badge": self.badge,
            "first": self.first,
            "last": self.last,
            "ended": self.ended,
            "still": self.still,
            "spells": self.spells,
            "evidence": dict(self.evidence),
            "sentence": self.sentence,
        }
