import pytest

from bn_tui.engine.parcels import Sender
from bn_tui.state import TrainingState


def state(steps):
    return TrainingState("plain", steps, steps, judged=True, vectors={}, timings={})


@pytest.fixture
def sent():
    return []


@pytest.fixture
def sender(sent):
    return Sender(sent.append)


def test_every_state_arrives_where_it_is_taken_in_time(sender, sent):
    for steps in range(5):
        sender.send(state(steps))
        assert sent[-1].take() == state(steps)


def test_a_state_is_taken_once(sender, sent):
    sender.send(state(1))
    assert [sent[0].take(), sent[0].take()] == [state(1), None]


def test_only_the_first_and_the_latest_wait(sender, sent):
    for steps in range(10):
        sender.send(state(steps))
        assert sum(not parcel.is_empty for parcel in sent) <= 2
    assert [parcel.take() for parcel in sent] == [state(0), *[None] * 8, state(9)]


def test_the_first_of_those_that_wait_is_the_next_to_arrive(sender, sent):
    for steps in range(3):
        sender.send(state(steps))
    assert sent[0].take() == state(0)
    for steps in range(3, 6):
        sender.send(state(steps))
    assert [parcel.take() for parcel in sent[1:]] == [None, state(2), None, None, state(5)]
