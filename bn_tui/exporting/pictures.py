"""A run as pictures: the app's own screens, drawn without a terminal."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

from bn_tui.events import LayersProbed
from bn_tui.exporting.record import Record
from bn_tui.files import write_atomically
from bn_tui.looking_back.told_run import ToldRun

#: Columns and rows of the terminal that is drawn.
SIZE = (120, 40)

#: Picture → the key that shows its screen.
PICTURES = {"overlay.svg": "2", "results.svg": "4", "layers.svg": "6"}

#: What there is nothing to see on where nothing inside the network was measured.
_OF_PROBES = "layers.svg"

_WEB_FONT = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_FONTS = '"Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace'


def is_picture(name: str) -> bool:
    """Whether a path inside a folder is one that `write_pictures` gives its files."""
    return name in PICTURES


def draw_pictures(record: Record) -> dict[str, str]:
    """Draw the screens of PICTURES that have something of the run as SVG: file name → its text."""
    probed = any(isinstance(event, LayersProbed) for event in record.events())
    keys = {name: key for name, key in PICTURES.items() if probed or name != _OF_PROBES}
    return asyncio.run(_draw(ToldRun(record.config, record.told()), keys))


def write_pictures(record: Record, folder: Path) -> None:
    """Write the pictures into a folder.

    Raises:
        OSError: a file cannot be written.
    """
    for name, picture in draw_pictures(record).items():
        write_atomically(folder / name, [picture.encode()])


async def _draw(run: ToldRun, keys: Mapping[str, str]) -> dict[str, str]:
    # Only here, because it loads Textual.
    from bn_tui.tui.app import BnTuiApp  # noqa: PLC0415

    app = BnTuiApp(None, run.config, opened=run)
    pictures = {}
    async with app.run_test(size=SIZE) as pilot:
        while app.is_running and run.left:
            app.take_in()
            await asyncio.sleep(0)  # it starts the run once it has drawn a first frame
        await pilot.pause()
        for name, key in keys.items():
            await pilot.press(key)
            await pilot.pause()
            pictures[name] = _without_web_fonts(app.export_screenshot(title="bn-tui"))
    return pictures


def _without_web_fonts(picture: str) -> str:
    """Leave the choice of a font to whoever looks: nothing is fetched from anywhere."""
    local = _WEB_FONT.sub("", picture)
    return local.replace("font-family: Fira Code, monospace", f"font-family: {_FONTS}")
