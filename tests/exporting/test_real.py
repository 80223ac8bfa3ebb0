"""What Keras makes of exported weights, on real MNIST: two variants, 100 batches of 64."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bn_tui.events import HundredScored
from bn_tui.exporting.record import open_record

pytestmark = pytest.mark.real

VARIANTS = ("layers", "manual")
ENDINGS = (".keras", ".weights.h5")
#: A momentum of .9, for with .99 the moving averages of so short a run would still lag.
SETTINGS = f"--variants {','.join(VARIANTS)} --batches 100 --bn-momentum .9 --probe-every 0".split()

#: Has never heard of this program: loads what it exports, and asks it for every test image.
PLAIN_KERAS = """
import gzip, json, sys
from pathlib import Path
import keras, numpy as np

data, *files = map(Path, sys.argv[1:])
(file,) = data.glob("t10k-images-idx3-ubyte*")
content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
images = np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28, 1) / np.float32(255)
answers = {}
for file in files:
    if file.suffix == ".keras":
        model = keras.models.load_model(file)
    else:
        beside = file.with_name(file.name.removesuffix(".weights.h5") + ".json")
        model = keras.models.model_from_json(beside.read_text())
        model.load_weights(file)
    answers[file.name] = model.predict(images, batch_size=500, verbose=0).argmax(1).tolist()
assert "bn_tui" not in sys.modules
print(json.dumps(answers))
"""

#: Asks the network that was trained, as the run itself did.
ENGINE = """
import json, sys
from pathlib import Path
from bn_tui.engine.runtime import start_tensorflow
start_tensorflow(2)
from bn_tui.datasets import catalog
from bn_tui.engine.evaluation import CHUNK, Evaluator
from bn_tui.engine.restoring import restore_network
from bn_tui.exporting.record import open_record
from bn_tui.records.checkpoint import load_latest
from bn_tui.records.folder import open_folder
from bn_tui.variants import find_variant

folder, data, *names = sys.argv[1:]
test = catalog.load(data).test
config = open_record(Path(folder)).config
checkpoint, _ = load_latest(open_folder(Path(folder)))
answers = {}
for name in names:
    vectors = checkpoint.states[name].vectors
    evaluator = Evaluator(restore_network(find_variant(name), config, vectors))
    answers[name] = []
    for start in range(0, len(test), CHUNK):
        chunk = slice(start, start + CHUNK)
        answers[name] += evaluator.judge(test.images[chunk], test.labels[chunk])[1].tolist()
print(json.dumps({"labels": test.labels.tolist(), "answers": answers}))
"""


def run_alone(*arguments):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def run(mnist_folder, tmp_path_factory):
    """The folder of a run that has ended."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    run_alone(
        "-m", "bn_tui", "--no-ui", "--quiet", "--data", mnist_folder, "--out", folder, *SETTINGS
    )
    return folder


@pytest.fixture(scope="module")
def keras_answers(run, mnist_folder):
    """What plain Keras answers to the 10,000 test images, by exported file."""
    files = [run.with_name(f"{name}{end}") for name in VARIANTS for end in ENDINGS]

    def export(file):
        name = file.name.partition(".")[0]
        run_alone("-m", "bn_tui", "export", run, "--weights", name, "--out", file)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(export, files))
    return json.loads(run_alone("-I", "-c", PLAIN_KERAS, mnist_folder, *files))


@pytest.fixture(scope="module")
def trained(run, mnist_folder):
    """What the networks of the run answer to them, and what they show."""
    return json.loads(run_alone("-c", ENGINE, run, mnist_folder, *VARIANTS))


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_plain_keras_answers_every_test_image_as_the_run_did(
    run, keras_answers, trained, name, ending
):
    answers, labels = keras_answers[f"{name}{ending}"], trained["labels"]
    assert len(answers) == len(labels) == 10_000
    assert answers == trained["answers"][name]
    right = sum(answer == label for answer, label in zip(answers, labels, strict=True))
    results = json.loads((run / "results.json").read_text())["variants"][name]
    assert right == round(10_000 * results["test_accuracy"])
    assert right / 10_000 == pytest.approx(results["test_accuracy"], abs=1e-12)
    (scored,) = [
        event
        for event in open_record(run).events()
        if isinstance(event, HundredScored) and event.variant == name
    ]
    assert answers[:100] == list(scored.predictions)


def test_the_networks_have_learned_enough_to_tell_digits_apart(trained):
    assert len(set(trained["answers"]["layers"])) == 10
