import threading

import pytest

from bn_tui.control import Control, Stopped
from bn_tui.engine.turns import Turns

REINS = Control().reins("plain")


def take_in_thread(turns, name, taken):
    def take():
        with turns.take(name, REINS):
            taken.append(name)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    return thread


def test_whoever_comes_early_waits_for_the_names_before_it():
    turns, taken = Turns(["plain", "layers", "manual"]), []
    early = [take_in_thread(turns, name, taken) for name in ("manual", "layers")]
    assert taken == []
    with turns.take("plain", REINS):
        assert taken == []
    for thread in early:
        thread.join(timeout=10)
    assert taken == ["layers", "manual"]


def test_nobody_waits_for_one_that_has_left():
    turns, taken = Turns(["plain", "layers"]), []
    waiting = take_in_thread(turns, "layers", taken)
    turns.leave("plain")
    waiting.join(timeout=10)
    assert taken == ["layers"]


def test_one_that_is_stopped_waits_no_longer_and_keeps_nobody_waiting():
    turns, control, taken = Turns(["plain", "layers", "manual"]), Control(), []
    control.stop_variant("layers")
    with turns.take("plain", REINS):
        with pytest.raises(Stopped), turns.take("layers", control.reins("layers")):
            taken.append("layers")
        waiting = take_in_thread(turns, "manual", taken)
    waiting.join(timeout=10)
    assert taken == ["manual"]


def test_a_turn_that_fails_is_over():
    turns = Turns(["plain", "layers"])
    with pytest.raises(KeyError), turns.take("plain", REINS):
        raise KeyError
    with turns.take("layers", REINS):
        pass


def test_a_turn_comes_once():
    turns = Turns(["plain"])
    with turns.take("plain", REINS):
        pass
    with pytest.raises(ValueError, match="plain has no turn any more"), turns.take("plain", REINS):
        pass
