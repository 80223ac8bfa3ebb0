"""FORMS: what a recorded run can be handed on as.

To add a form, write a module that makes it from a Record, and add it to FORMS.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bn_tui.errors import UsageError, suggest
from bn_tui.exporting.document import render_document
from bn_tui.exporting.event_files import is_event_file, write_event_files
from bn_tui.exporting.output import Exported, check_file, check_folder, write_file, write_folder
from bn_tui.exporting.pictures import is_picture, write_pictures
from bn_tui.exporting.record import Record, open_record
from bn_tui.exporting.report import render_report
from bn_tui.exporting.table import render_table


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form that is one file.

    Attributes:
        name: what the command line calls it.
        summary: one line for the help.
        ending: what follows the run's name where no output is named.
        render: gives the file's content piece by piece; nothing heavy loads before the first.
    """

    name: str
    summary: str
    ending: str
    render: Callable[[Record], Iterator[bytes]]

    def export(self, record: Record, out: Path, *, force: bool) -> Exported:
        """Check where it goes, then write it."""
        check_file(out, force=force)
        write_file(out, self.render(record))
        return Exported((out,))


@dataclass(frozen=True, slots=True)
class FolderForm:
    """A form that is a folder of files.

    Attributes:
        name: what the command line calls it.
        summary: one line for the help.
        ending: what follows the run's name where no output is named.
        fill: writes the files into an empty folder.
        is_ours: whether a path inside a folder is one that `fill` gives its files.
    """

    name: str
    summary: str
    ending: str
    fill: Callable[[Record, Path], None]
    is_ours: Callable[[str], bool]

    def export(self, record: Record, out: Path, *, force: bool) -> Exported:
        """Check where it goes, then write it."""
        check_folder(out, self.is_ours, force=force)
        write_folder(out, lambda folder: self.fill(record, folder))
        return Exported((out,))


Form = FileForm | FolderForm

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        FileForm("csv", "a tidy table, one number in each row", ".csv", render_table),
        FileForm("json", "one document: settings, series, scores", ".json", render_document),
        FolderForm(
            "tensorboard",
            "a folder of event files that TensorBoard opens",
            "-tensorboard",
            write_event_files,
            is_event_file,
        ),
        FolderForm(
            "svg",
            "a folder of pictures: overlay, results and layers",
            "-pictures",
            write_pictures,
            is_picture,
        ),
        FileForm("markdown", "a report to paste in a pull request", ".md", render_report),
    )
}


def parse_form(option: str, text: str) -> Form:
    """Find a form by its name.

    Raises:
        UsageError: there is none.
    """
    if text not in FORMS:
        raise UsageError(
            f"{option} {text or repr(text)}: no such form{suggest(text, FORMS)}; "
            f"accepted are {', '.join(FORMS)}"
        )
    return FORMS[text]


def export_run(run: Path, form: Form, out: Path | None = None, *, force: bool = False) -> Exported:
    """Hand a run on; without `out`, into the current folder under the run's own name.

    `force` replaces what is there already, but a folder only where every file in it is one that
    an export has written.

    Raises:
        NoInputError: `run` is not there or holds no run.
        DataFormatError: its record is not what it should be.
        OutputError: `out` is there already, or cannot be written.
    """
    record = open_record(run)
    return form.export(record, out or Path(record.name + form.ending), force=force)
