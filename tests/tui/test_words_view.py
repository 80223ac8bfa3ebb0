from rich.text import Text

from bn_tui.tui.widgets.words_view import WordsView


def test_only_what_looks_different_is_drawn_anew(monkeypatch):
    drawn = []
    view = WordsView()
    monkeypatch.setattr(view, "update", lambda text, **_: drawn.append(text))
    for text in (
        Text("to go", "red"),
        Text("to go", "blue"),
        Text.assemble("to ", ("go", "bold"), style="blue"),
    ):
        view.show(text)
        view.show(text.copy())
        assert drawn.pop() is text
        assert not drawn
