"""The same networks in PyTorch: eager, at its defaults."""

from functools import partial
from itertools import pairwise

import torch
from parts.common import (
    BATCH_SIZE,
    EPSILON,
    LEARNING_RATE,
    MOMENTUM,
    Measure,
    random_digits,
    step_milliseconds,
)
from torch import Tensor, nn

from bn_tui.datasets.dataset import CLASSES
from bn_tui.engine.architecture import FEATURES, HIDDEN_UNITS, STACK, Convolution


class Training:
    """One network, its optimizer and the data on which it trains."""

    def __init__(self, model: nn.Module, images: Tensor, targets: Tensor) -> None:
        self._model = model
        self._images = images
        self._targets = targets
        self._loss = nn.BCEWithLogitsLoss()
        self._adam = torch.optim.Adam(model.parameters(), LEARNING_RATE, eps=1e-8)

    def train(self, steps: int) -> None:
        """Train on the first batches; each step reads its loss and accuracy, as the others do."""
        for start, stop in pairwise(range(0, (steps + 1) * BATCH_SIZE, BATCH_SIZE)):
            targets = self._targets[start:stop]
            self._adam.zero_grad()
            logits = self._model(self._images[start:stop])
            loss = self._loss(logits, targets)
            loss.backward()
            self._adam.step()
            hits = logits.argmax(1) == targets.argmax(1)
            loss.item(), hits.float().mean().item()


def prepare(steps: int, threads: int) -> dict[str, Measure]:
    """Build the network without and with batch norm; candidates are timed in ms per step."""
    pixels, digits = random_digits(steps)
    images = torch.from_numpy(pixels)[:, None].float() / 255
    targets = nn.functional.one_hot(torch.from_numpy(digits).long(), CLASSES).float()
    candidates: dict[str, Measure] = {}
    for name, batch_norm in (("plain", False), ("batch norm", True)):
        training = Training(_build_model(batch_norm=batch_norm), images, targets)
        candidates[name] = partial(step_milliseconds, steps, training.train)
    return candidates


def _build_model(*, batch_norm: bool) -> nn.Module:
    layers: list[nn.Module] = []
    for convolution in STACK:
        layers += _convolve(convolution, bias=not batch_norm)
        if batch_norm:
            layers.append(nn.BatchNorm2d(convolution.channels, EPSILON, 1 - MOMENTUM))
        layers.append(nn.ReLU())
    layers += [nn.Flatten(), nn.Linear(FEATURES, HIDDEN_UNITS, bias=not batch_norm)]
    if batch_norm:
        layers.append(nn.BatchNorm1d(HIDDEN_UNITS, EPSILON, 1 - MOMENTUM))
    model = nn.Sequential(*layers, nn.ReLU(), nn.Linear(HIDDEN_UNITS, CLASSES))
    for parameter in model.parameters():
        if parameter.ndim > 1:
            nn.init.xavier_uniform_(parameter)
    return model


def _convolve(convolution: Convolution, *, bias: bool) -> list[nn.Module]:
    """3×3 with TensorFlow's SAME padding, which on an even side with stride 2 is (0, 1)."""
    inputs, channels, stride = convolution.inputs, convolution.channels, convolution.stride
    if convolution.padding:
        return [nn.Conv2d(inputs, channels, 3, stride, padding=1, bias=bias)]
    return [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(inputs, channels, 3, stride, bias=bias)]
