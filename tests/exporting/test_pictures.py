import re
from xml.etree import ElementTree as ET

import pytest
from told_runs import story, write_record

from bn_tui.errors import DataFormatError
from bn_tui.exporting.pictures import PICTURES, draw_pictures, is_picture, write_pictures


def words_on(picture):
    """All text of a picture, as one reads it."""
    root = ET.fromstring(picture)  # noqa: S314 -- it was drawn here
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    return " ".join("".join(text.itertext()).replace("\xa0", " ") for text in texts)


@pytest.fixture(scope="module")
def pictures_of_the_story(tmp_path_factory):
    return draw_pictures(write_record(tmp_path_factory.mktemp("told") / "run", story()))


def test_a_real_run_is_on_its_pictures(recorded, tmp_path):
    write_pictures(recorded, tmp_path)
    overlay, results = ((tmp_path / name).read_text() for name in ("overlay.svg", "results.svg"))
    assert "validation" in words_on(overlay)
    assert ".9625" in words_on(results)
    assert "plain answers one digit for everything" in words_on(results)


def test_nothing_is_fetched_for_a_picture(pictures_of_the_story):
    assert pictures_of_the_story.keys() == PICTURES.keys()
    for picture in pictures_of_the_story.values():
        assert "@font-face" not in picture
        assert "url(http" not in picture
        families = re.findall(r"font-family: (.*?);", picture)
        assert families
        assert all(family.endswith("monospace") for family in families if family != "arial")


def test_a_variant_that_diverged_is_on_the_results(pictures_of_the_story):
    assert "diverged" in words_on(pictures_of_the_story["results.svg"])


def test_a_run_that_has_just_begun_is_drawn_too(just_begun):
    assert "plain" in words_on(draw_pictures(just_begun)["overlay.svg"])


def test_a_record_that_is_broken_ends_the_drawing(told):
    lines = (told.folder / "events.jsonl").read_text().splitlines()
    lines[4] = "nonsense"
    (told.folder / "events.jsonl").write_text("\n".join([*lines, ""]))
    with pytest.raises(DataFormatError, match="line 5"):
        draw_pictures(told)


def test_its_own_files_are_known():
    assert is_picture("overlay.svg")
    assert not is_picture("deep/overlay.svg")
