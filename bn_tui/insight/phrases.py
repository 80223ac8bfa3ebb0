"""How sentences are put together."""

from collections.abc import Iterable


def enumerate_words(words: Iterable[object]) -> str:
    """Write a list, at least of one, as a sentence has it: layers, manual and nn."""
    *front, last = map(str, words)
    return f"{', '.join(front)} and {last}" if front else last


def agree(count: int, one: str, several: str) -> str:
    """Choose the form of a word that goes with so many."""
    return one if count == 1 else several


def join_clauses(clauses: Iterable[str]) -> str | None:
    """Make one sentence of clauses; None of none."""
    text = "; ".join(clauses)
    return f"{text}." if text else None
