import os
import signal
import struct
from pathlib import Path

import numpy as np
import pytest

from bn_tui.datasets.dataset import Split


@pytest.fixture(scope="session", autouse=True)
def _environment(tmp_path_factory):
    """No test touches the user's cache or runs, and none is greyed by the user's NO_COLOR."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BN_TUI_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("BN_TUI_STATE", str(tmp_path_factory.mktemp("state")))
        patch.delenv("NO_COLOR", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _signals():
    """Nothing that a test starts ignores a signal because the tests do.

    A shell has what it starts in the background ignore SIGINT, and nohup has it ignore SIGHUP. What
    is handled here, be it by doing nothing, a new program does not inherit.
    """
    ignored = [
        number
        for number in (signal.SIGINT, signal.SIGHUP)
        if signal.getsignal(number) is signal.SIG_IGN
    ]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session")
def digits():
    """[240] and [120] images that a network can learn: a pattern for each class, under noise."""
    random = np.random.default_rng(5)
    patterns = np.kron(random.integers(0, 2, (10, 7, 7)), np.ones((4, 4)))

    def draw(count):
        labels = random.integers(0, 10, count).astype(np.uint8)
        images = 160 * patterns[labels] + random.integers(0, 96, (count, 28, 28))
        return Split(images.astype(np.uint8), labels)

    return draw(240), draw(120)


@pytest.fixture(scope="session")
def digits_folder(digits, tmp_path_factory):
    """The same as four IDX files; 20 of the 240 will be held out for validation."""
    folder = tmp_path_factory.mktemp("digits")
    for kind, split in zip(("train", "t10k"), digits, strict=True):
        for name, magic, values in (
            ("images-idx3", 0x803, split.images),
            ("labels-idx1", 0x801, split.labels),
        ):
            header = struct.pack(f">{1 + values.ndim}I", magic, *values.shape)
            (folder / f"{kind}-{name}-ubyte").write_bytes(header + values.tobytes())
    return folder


@pytest.fixture(scope="session")
def mnist_folder():
    """Real MNIST, for the tests marked `real`."""
    folder = os.environ.get("BN_TUI_TEST_MNIST")
    if not folder:
        pytest.skip("BN_TUI_TEST_MNIST names no folder with the four files of real MNIST")
    return Path(folder)


@pytest.fixture(scope="session")
def data_folder():
    """Figures that tests compare with."""
    return Path(__file__).parent / "data"
