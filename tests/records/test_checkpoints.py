import json
import threading

import pytest
from faulty_disk import FaultyDisk
from hypothesis import given, settings
from hypothesis import strategies as st
from records.scripted_run import make_state

from bn_tui.errors import DataFormatError
from bn_tui.records.checkpoint import MANIFEST_FILE, generations, load_latest, locate
from bn_tui.records.checkpoints import Checkpointer, CheckpointWriter
from bn_tui.records.folder import RunFolder
from bn_tui.variants import VARIANTS

FIRST = {"plain": make_state("plain", 2, 9)}
SECOND = {"plain": make_state("plain", 4, 15), "layers": make_state("layers", 3, 12)}


@pytest.fixture
def folder(tmp_path):
    """A run with two checkpoints."""
    folder = RunFolder(tmp_path)
    write(folder, FIRST, SECOND)
    return folder


def write(folder, *several):
    writer = CheckpointWriter(folder)
    for states in several:
        writer.write(states)


def falls_back(folder, note):
    checkpoint, notes = load_latest(folder)
    assert (checkpoint.generation, checkpoint.states) == (1, FIRST)
    assert len(notes) == 1
    assert note in notes[0]
    return True


def test_states_come_back_to_the_last_byte(folder):
    checkpoint, notes = load_latest(folder)
    assert (checkpoint.generation, checkpoint.states, notes) == (2, SECOND, [])


def test_every_variant_has_files_of_its_own(tmp_path):
    names = (*VARIANTS, *(f"{name}:{size}" for name in VARIANTS for size in (1, 1_000_000)))
    states = {name: make_state(name, 1, 1) for name in names}
    write(RunFolder(tmp_path), states)
    checkpoint, notes = load_latest(RunFolder(tmp_path))
    assert (checkpoint.states, notes) == (states, [])


def test_a_run_without_checkpoints_has_none(tmp_path):
    assert load_latest(RunFolder(tmp_path)) == (None, [])


def test_the_newest_two_stay(folder):
    write(folder, SECOND, FIRST)
    assert generations(folder) == [4, 3]
    assert sorted(path.name for path in folder.checkpoints.iterdir()) == ["00000003", "00000004"]


def test_counting_never_ends(folder):
    locate(folder, 2).rename(locate(folder, 99_999_999))
    write(folder, SECOND, FIRST)
    assert generations(folder) == [100_000_001, 100_000_000]
    assert load_latest(folder)[0].states == FIRST


def test_what_was_resumed_from_stays_until_there_are_two_newer_ones(folder):
    (locate(folder, 2) / "plain.json").unlink()
    resumed, _ = load_latest(folder)
    writer = CheckpointWriter(folder, resumed=resumed)
    writer.write(SECOND)
    assert generations(folder) == [3, 1]
    writer.write(SECOND)
    assert generations(folder) == [4, 3]


def test_a_leftover_is_ignored_by_readers_and_removed_by_the_next_writer(folder):
    leftover = folder.checkpoints / ".00000003.part"
    leftover.mkdir()
    (leftover / "plain.json").write_text("{")
    assert load_latest(folder)[0].generation == 2
    assert leftover.exists()
    write(folder, FIRST)
    assert not leftover.exists()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_one_flipped_bit_anywhere_leaves_the_older_checkpoint_or_the_same_states(
    data, tmp_path_factory
):
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    write(folder, FIRST, SECOND)
    file = data.draw(st.sampled_from(sorted(locate(folder, 2).iterdir())))
    content = bytearray(file.read_bytes())
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)
    checkpoint, notes = load_latest(folder)
    if checkpoint.generation == 2:
        # Only blanks of the manifest say nothing.
        assert file.name == MANIFEST_FILE
        assert checkpoint.states == SECOND
    else:
        assert checkpoint.states == FIRST
        assert len(notes) == 1


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_cut_short_leaves_the_older_checkpoint(data, tmp_path_factory):
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    write(folder, FIRST, SECOND)
    file = data.draw(st.sampled_from(sorted(locate(folder, 2).iterdir())))
    content = file.read_bytes()
    # Without its last line feed a manifest is still whole.
    file.write_bytes(content[: data.draw(st.integers(0, len(content) - 2))])
    assert falls_back(folder, "checkpoint 2 is damaged")


@pytest.mark.parametrize("name", ["plain.json", "layers.parameters.f4", MANIFEST_FILE])
def test_a_missing_file_leaves_the_older_checkpoint(name, folder):
    (locate(folder, 2) / name).unlink()
    assert falls_back(folder, "checkpoint 2 cannot be read (No such file or directory)")


@pytest.mark.parametrize(
    "name", ["../00000001/plain.json", "/etc/passwd", "plain.weights.f4", "plain.json/..", ".json"]
)
def test_a_manifest_cannot_name_what_is_elsewhere(name, folder):
    path = locate(folder, 2) / MANIFEST_FILE
    manifest = json.loads(path.read_text())
    manifest["files"][name] = manifest["files"]["plain.json"]
    path.write_text(json.dumps(manifest))
    assert falls_back(folder, "manifest.json is not that of checkpoint 2")


def test_a_checkpoint_of_a_newer_format_is_not_guessed_at(folder):
    path = locate(folder, 2) / MANIFEST_FILE
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    assert falls_back(folder, "manifest.json is not that of checkpoint 2")


@pytest.mark.parametrize("name", ["00000002", "00000002/plain.parameters.f4"])
def test_a_link_is_refused_even_where_it_leads_to_the_same_bytes(name, folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "target"
    (folder.checkpoints / name).rename(outside)
    (folder.checkpoints / name).symlink_to(outside)
    with pytest.raises(DataFormatError, match=r"a link .* is not followed"):
        load_latest(folder)


def test_nothing_is_saved_by_pickle(folder):
    suffixes = {file.suffix for file in locate(folder, 2).iterdir()}
    assert suffixes == {".f4", ".json"}
    assert (locate(folder, 2) / "plain.parameters.f4").read_bytes() == SECOND["plain"].vectors[
        "parameters"
    ]


class Slow(FaultyDisk):
    """A disk that stands still at its first operation until it is let go."""

    def __init__(self):
        super().__init__()
        self.reached, self.go = threading.Event(), threading.Event()

    def make_folder(self, path):
        self.reached.set()
        assert self.go.wait(10)
        super().make_folder(path)


def test_nobody_waits_for_the_disk_and_the_latest_states_win(tmp_path):
    disk = Slow()
    checkpointer = Checkpointer(
        RunFolder(tmp_path), lambda: True, report=lambda *_: pytest.fail("failed"), disk=disk
    )
    checkpointer.keep(make_state("plain", 1, 7))
    assert disk.reached.wait(10)
    for steps in range(2, 50):
        checkpointer.keep(make_state("plain", steps, 7 + steps))
    disk.go.set()
    checkpointer.close()
    checkpoint, _ = load_latest(RunFolder(tmp_path))
    assert checkpoint.generation == 2
    assert checkpoint.states == {"plain": make_state("plain", 49, 56)}


def test_a_state_that_the_events_do_not_reach_is_not_saved(tmp_path):
    said = []
    checkpointer = Checkpointer(
        RunFolder(tmp_path), lambda: False, report=lambda *it: said.append(it)
    )
    checkpointer.keep(FIRST["plain"])
    checkpointer.close()
    assert load_latest(RunFolder(tmp_path)) == (None, [])
    assert said == [("checkpoints", "the events that lead to them are not recorded any more")]


def test_after_a_failure_the_last_stays_and_the_next_state_is_tried(folder):
    said = []
    disk = FaultyDisk(0)
    checkpointer = Checkpointer(folder, lambda: True, report=lambda *it: said.append(it), disk=disk)
    checkpointer._save(FIRST)
    assert load_latest(folder)[0].states == SECOND
    checkpointer.keep(FIRST["plain"])
    checkpointer.close()
    assert load_latest(folder)[0].states == FIRST
    assert said == [("checkpoints", "No space left on device")]


def test_what_is_no_failure_of_the_disk_is_raised_at_the_end(tmp_path):
    def sync():
        raise ZeroDivisionError

    checkpointer = Checkpointer(RunFolder(tmp_path), sync, report=lambda *_: None)
    checkpointer.keep(FIRST["plain"])
    with pytest.raises(ZeroDivisionError):
        checkpointer.close()


def test_what_a_link_leads_to_is_not_touched(folder, tmp_path_factory):
    precious = tmp_path_factory.mktemp("elsewhere") / "precious"
    precious.mkdir()
    (precious / "thesis").write_text("years")
    (folder.checkpoints / ".x.part").symlink_to(precious)
    write(folder, SECOND)
    assert (precious / "thesis").read_text() == "years"
    assert not (folder.checkpoints / ".x.part").is_symlink()
