"""Names for runs that a person can tell apart and type."""

import os
from datetime import datetime

_FIRST = tuple(
    """
    amber bold brave bright brisk broad calm clear clever cool crisp deep eager early fair fast
    fine firm fond fresh gentle glad golden grand green happy hazel jolly keen kind large late
    light lively loud lucky merry mild modest neat new noble odd olive patient plain proud quick
    quiet rapid ready rosy round shy silver slow small smart soft solid spry steady still strong
    sunny swift tall tidy tiny warm wary wide wild wise witty young
    """.split()  # noqa: SIM905 -- as words they can be read
)
_SECOND = tuple(
    """
    ant badger bat bear beaver bee bison boar bream carp cat cod crab crane crow deer dove duck
    eagle eel egret elk falcon ferret finch fox frog gecko gnu goat goose grouse gull hare hawk
    heron hippo horse ibex ibis jay kite koala lark lemur lion llama lynx magpie marten mole moose
    moth mouse newt okapi otter owl panda perch pike plover pony puffin quail rabbit raven robin
    salmon seal shrew skua snail stoat stork swan swift tapir tern thrush tiger toad trout viper
    vole walrus weasel whale wolf wren yak zebra
    """.split()  # noqa: SIM905 -- as words they can be read
)


def choose_name(now: datetime) -> str:
    """Such as 2026-11-23-1432-calm-otter: the time `now` as its own zone has it, two words.

    A name need not be new.
    """
    number = int.from_bytes(os.urandom(8), "big")
    first = _FIRST[number % len(_FIRST)]
    second = _SECOND[number // len(_FIRST) % len(_SECOND)]
    return f"{now:%Y-%m-%d-%H%M}-{first}-{second}"
