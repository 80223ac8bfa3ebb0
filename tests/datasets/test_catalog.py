import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bn_tui.datasets import catalog
from bn_tui.datasets.sources import Archive, Folder
from bn_tui.errors import DataFormatError, ExitCode, UsageError


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", catalog.DATASETS)
def test_a_name_is_the_data_set_even_beside_a_folder_of_that_name(here, name):
    (here / name).mkdir()
    assert catalog.resolve(name) == catalog.DATASETS[name].source
    assert catalog.resolve(f"./{name}") == Folder(Path(name))
    assert catalog.resolve(str(here / name)) == Folder(here / name)


def test_any_other_folder_is_a_folder(here):
    (here / "digits").mkdir()
    assert catalog.resolve("digits") == Folder(Path("digits"))
    assert catalog.resolve("..") == Folder(Path(".."))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("mnits", "no data set 'mnits' (did you mean mnist?)"),
        ("MNIST", "no data set 'MNIST' (did you mean mnist?)"),
        ("fashion_mnist", "no data set 'fashion_mnist' (did you mean fashion-mnist?)"),
        ("zzz", "no data set 'zzz'"),
        ("", "no data set ''"),
        ("two\nlines", r"no data set 'two\nlines'"),
        ("./mnist", "no folder './mnist' (did you mean mnist?)"),
        ("mnist/", "no folder 'mnist/' (did you mean mnist?)"),
        ("Drawn/", "no folder 'Drawn/' (did you mean drawn?)"),
        ("/mnist", "no folder '/mnist'"),
        ("no/mnist", "no folder 'no/mnist'"),
        ("absent/", "no folder 'absent/'"),
        ("file", "'file' is a file"),
        ("file/inside", "no folder 'file/inside'"),
        ("n" * 5000, "cannot be looked into (File name too long)"),
    ],
)
def test_refuses_what_is_neither_and_says_what_is_accepted(here, spec, message):
    (here / "file").write_bytes(b"")
    with pytest.raises(UsageError) as raised:
        catalog.resolve(spec)
    assert str(raised.value).endswith(f"{message}; {catalog.ACCEPTED}")
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == ExitCode.USAGE


def test_what_is_accepted_names_every_data_set():
    assert all(name in catalog.ACCEPTED for name in catalog.DATASETS)
    assert "folder" in catalog.ACCEPTED


@pytest.mark.parametrize("info", catalog.DATASETS.values(), ids=catalog.DATASETS)
def test_a_description_is_one_line(info):
    assert 0 < len(info.description) <= 80
    assert "\n" not in info.description


ARCHIVES = [info.source for info in catalog.DATASETS.values() if isinstance(info.source, Archive)]


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name)
def test_an_archive_is_a_name_two_mirrors_and_four_checksums(archive):
    assert catalog.DATASETS[archive.name].source is archive
    assert len({urlsplit(mirror).hostname for mirror in archive.mirrors}) >= 2
    assert all(mirror.endswith("/") for mirror in archive.mirrors)
    assert [file.name.split("-idx")[0] for file in archive.files] == [
        "train-images",
        "train-labels",
        "t10k-images",
        "t10k-labels",
    ]
    assert len({file.sha256 for file in archive.files}) == 4
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in archive.files)


def test_load_goes_through_resolve(here):
    with pytest.raises(UsageError, match="did you mean drawn"):
        catalog.load("drwan")
    (here / "empty").mkdir()
    with pytest.raises(DataFormatError, match="train-images-idx3-ubyte is missing"):
        catalog.load("empty")


def test_names_and_descriptions_load_without_numpy_and_network_code():
    code = "import sys, bn_tui.datasets.catalog; print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(output.stdout.decode().split())
    assert "bn_tui.datasets.catalog" in loaded
    assert not loaded & {"numpy", "urllib.request", "http.client", "ssl"}
