from bn_tui.datasets import cache


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("BN_TUI_CACHE", str(tmp_path))
    assert cache.default_folder() == tmp_path
    monkeypatch.setenv("BN_TUI_CACHE", "")
    assert cache.default_folder().name == "bn-tui"


def test_keeping_makes_the_folder(tmp_path):
    path = tmp_path / "new" / "file"
    assert cache.keep(path, [b"content"]) == ""
    assert path.read_bytes() == b"content"


def test_keeping_where_that_is_impossible_says_why(tmp_path):
    (tmp_path / "taken").write_bytes(b"a file, not a folder")
    assert cache.keep(tmp_path / "file", [b"content"]) == ""
    assert cache.keep(tmp_path / "taken" / "file", [b"content"]) == (
        f" (not kept, {tmp_path / 'taken'} cannot be written: File exists)"
    )


def test_reads_no_more_than_asked_and_nothing_where_nothing_is(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"content")
    assert cache.read_at_most(path, 4) == b"cont"
    assert cache.read_at_most(tmp_path / "absent", 4) is None
    assert cache.read_at_most(tmp_path, 4) is None
