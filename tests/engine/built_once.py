"""Networks whose graphs are built once, however many trainers they are built for."""

import threading

import tensorflow as tf

from bn_tui.engine.evaluation import Evaluator
from bn_tui.engine.inspector import Inspector
from bn_tui.engine.network import build_network
from bn_tui.engine.norms import NORMS
from bn_tui.engine.optimizer import build_adam
from bn_tui.engine.training_step import TrainingStep


class BuiltOnce:
    """Stands for what trainers build with: gives again what it gave before, but made new.

    To trace a graph takes a second, to put its variables back to where they start takes none. Of
    two trainers of one norm, the first must have ended when the second begins.
    """

    def __init__(self):
        self._built = {}
        self._users = {}

    def build_network(self, norm, kernels, **others):
        # By what the name stands for: a test may have put another norm there.
        key = NORMS[norm], *others.values()
        user, mine = self._users.get(key), threading.current_thread()
        # A trainer in the tests' own thread has ended before the next is built.
        free = (None, mine, threading.main_thread())
        assert user in free or not user.is_alive(), f"two have {norm} at once"
        self._users[key] = mine
        return self._make_new(key, build_network(norm, kernels, **others))

    def build_adam(self, parameters, learning_rate):
        return self._make_new(
            (id(parameters), learning_rate), build_adam(parameters, learning_rate)
        )

    def make_training_step(self, network, adam, batch_size):
        key = id(network), id(adam), batch_size
        if key not in self._built:
            self._built[key] = TrainingStep(network, adam, batch_size)
        return self._built[key]

    def make_evaluator(self, network, precise_images, threads):
        key = id(network), precise_images is not None, threads
        if key not in self._built:
            self._built[key] = Evaluator(network, precise_images, threads)
        self._built[key]._precise_images = precise_images
        return self._built[key]

    def make_inspector(self, network, batch_size, events):
        key = id(network), batch_size
        if key not in self._built:
            self._built[key] = Inspector(network, batch_size, events)
        self._built[key]._events = events
        return self._built[key]

    def _make_new(self, key, new):
        known = self._built.setdefault(key, new)
        for name in known.__slots__:
            variable = getattr(known, name)
            if isinstance(variable, tf.Variable):
                variable.assign(getattr(new, name))
        return known
