"""Exporting from a window: the dialog with its preview, the clipboard, the dashboard and the window, what is kept."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QMainWindow
from snapshots import snapshot

from reluviz.core.settings import Settings
from reluviz.ui.appearance import Appearance
from reluviz.ui.dashboard import Dashboard
from reluviz.ui.export import Look
from reluviz.ui.export_choice import FigureChoice
from reluviz.ui.export_formats import picture
from reluviz.ui.export_table import tab_text
from reluviz.ui.exporting import Exporting
from reluviz.ui.lab import Lab
from reluviz.ui.menus import export_menu
from reluviz.ui.notice import Notice
from reluviz.ui.preferences import FILE, Preferences, load, save
from reluviz.ui.theme import DARK, LIGHT


class Place:
    """A window with its plots drawn, and what exports them; nothing trains."""

    def __init__(self, qapp):
        self.preferences = Preferences()
        self.appearance = Appearance(qapp, "light", 1.0)
        self.window = QMainWindow()
        self.lab = Lab(Settings())
        self.dashboard = Dashboard(self.window, self.lab, self.appearance)
        self.notice = Notice(self.appearance)
        self.window.addToolBar(self.notice)
        self.exporting = Exporting(self.window, self.dashboard, self.preferences, self.notice, self.appearance)

    def begin(self, qapp):
        """As at first, with the default lab drawn."""
        self.preferences.figure, self.preferences.image_folder = FigureChoice(), ""
        self.notice.hide()
        self.window.resize(1200, 800)
        self.window.show()
        self.dashboard.arrange()
        qapp.processEvents()
        for dock in self.dashboard.docks.values():
            dock.view.draw(snapshot("default"))

    def ask(self, key=""):
        """Open the dialog and let it draw."""
        self.exporting.open_dialog(key)
        self.exporting.dialog.refresh()
        return self.exporting.dialog


@pytest.fixture(scope="module")
def desk(qapp):
    """One window for all: it takes seconds to build."""
    made = Place(qapp)
    yield made
    made.lab.close()
    made.window.close()
    made.window.deleteLater()


@pytest.fixture
def place(desk, qapp):
    """The window as at first, out of sight at the end."""
    desk.begin(qapp)
    yield desk
    if desk.exporting.dialog is not None:
        desk.exporting.dialog.reject()
    desk.window.hide()


def test_everything_in_the_dialog_has_a_name_and_a_tooltip(place):
    dialog = place.ask()
    nameless = []
    for kind in (QAbstractButton, QComboBox, QAbstractSpinBox):
        for widget in dialog.findChildren(kind):
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
                continue
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name) or not widget.toolTip():
                nameless.append(widget)
    assert nameless == []


def test_the_choice_is_remembered_and_kept_in_the_preferences(place, tmp_path):
    form = place.ask("decision_map").form
    form.kind.setCurrentIndex(form.kind.findData("pdf"))
    form.unit.setCurrentIndex(form.unit.findData("mm"))
    form.width_box.setValue(180)
    form.height_box.setValue(90)
    form.theme.setCurrentIndex(form.theme.findData("dark"))
    form.text.setValue(120)
    form.transparent.setChecked(True)
    form.title_box.setChecked(False)
    place.exporting.dialog.accept()
    wanted = FigureChoice("decision_map", "pdf", 180, 90, "mm", 192, "dark", 1.2, True, False)
    assert place.preferences.figure == wanted
    save(place.preferences, tmp_path)
    assert load(tmp_path).figure == wanted
    again = place.ask().form
    assert again.subject.currentData() == "decision_map"
    assert (again.width_box.value(), again.unit.currentData(), again.text.value()) == (180, "mm", 120)


def test_old_preferences_are_still_read(tmp_path):
    (tmp_path / FILE).write_text('{"theme": "dark", "image_scale": 3, "image_folder": "/pictures"}')
    read = load(tmp_path)
    assert (read.theme, read.image_folder, read.figure) == ("dark", "/pictures", FigureChoice())


@pytest.mark.parametrize("wrong", ['{"kind": "gif"}', '{"width": 5}', '{"theme": "pink"}', '{"text": 9}', '{"dpi": 0}'])
def test_wrong_choices_in_the_preferences_mean_the_defaults(tmp_path, wrong):
    (tmp_path / FILE).write_text(f'{{"figure": {wrong}}}')
    assert load(tmp_path) == Preferences()


def test_a_change_of_unit_keeps_the_figure(place):
    form = place.ask().form
    form.unit.setCurrentIndex(form.unit.findData("mm"))
    assert form.width_box.value() == pytest.approx(238.1, abs=0.1)
    form.unit.setCurrentIndex(form.unit.findData("px"))
    assert form.width_box.value() == 1800


def test_the_result_is_told_before_it_is_made(place):
    dialog = place.ask("loss")
    assert dialog.result_line.text() == "loss.png: 1800 × 1200 pixels, 238 × 159 mm on paper"
    dialog.form.kind.setCurrentIndex(dialog.form.kind.findData("csv"))
    dialog.refresh()
    assert dialog.result_line.text() == "loss.csv"
    assert not dialog.form.width_box.isEnabled()
    assert dialog.preview._rows[0][0] == "steps"
    dialog.form.subject.setCurrentIndex(dialog.form.subject.findData("window"))
    dialog.refresh()
    assert dialog.choice.kind == "png"
    assert dialog.result_line.text().startswith("window.png: 2400 × 1600 pixels")


def test_the_preview_is_the_figure_made_smaller(place):
    dialog = place.ask("derivative")
    shown = dialog.preview._image
    whole = picture(place.exporting.subject("derivative"), dialog.choice.size(), place.exporting.look(dialog.choice))
    small = whole.scaled(shown.size(), mode=Qt.TransformationMode.SmoothTransformation)
    differences = [
        abs(shown.pixelColor(x, y).lightness() - small.pixelColor(x, y).lightness())
        for x in range(0, shown.width(), 3) for y in range(0, shown.height(), 3)
    ]  # fmt: skip
    assert sum(difference > 60 for difference in differences) < 0.01 * len(differences)


def test_the_preview_follows_the_training(place):
    dialog = place.ask("loss")
    before = dialog.preview._image
    dialog._follow()
    assert dialog.preview._image is before
    place.dashboard.docks["loss"].view.draw(snapshot("untrained"))
    dialog._follow()
    assert dialog.preview._image is not before


def test_sizes_that_cannot_be_are_said_and_cannot_be_saved(place):
    dialog = place.ask()
    dialog.form.unit.setCurrentIndex(dialog.form.unit.findData("mm"))
    dialog.form.dpi.setValue(2400)
    assert "pixels are not allowed" in dialog.preview._words
    assert not dialog.save_button.isEnabled()
    dialog.form.dpi.setValue(150)
    dialog.refresh()
    assert dialog.save_button.isEnabled()


def test_saving_closes_and_what_fails_is_said_and_stays(place, tmp_path):
    dialog = place.ask("loss")
    dialog.write(tmp_path / "missing" / "loss.png")
    assert "could not be written" in dialog.message.text()
    assert dialog.isVisible()
    dialog.write(tmp_path / "loss.png")
    assert (tmp_path / "loss.png").stat().st_size > 10_000
    assert place.exporting.dialog is None
    assert place.preferences.image_folder == str(tmp_path)


def test_enter_settles_a_number_and_does_not_save(place, qtbot, monkeypatch):
    dialog = place.ask("loss")
    monkeypatch.setattr(dialog, "_save", lambda: pytest.fail("saved"))
    dialog.form.width_box.setFocus()
    dialog.form.width_box.selectAll()
    qtbot.keyClicks(dialog.form.width_box, "1500")
    qtbot.keyClick(dialog.form.width_box, Qt.Key.Key_Return)
    assert dialog.choice.width == 1500


def test_the_clipboard_takes_pictures_drawings_and_numbers(place, qapp):
    place.exporting.copy_image("loss")
    assert qapp.clipboard().image().size() == QSize(1800, 1200)
    for kind, mime, start in (("svg", "image/svg+xml", b"<?xml"), ("pdf", "application/pdf", b"%PDF")):
        place.exporting.copy(FigureChoice("loss", kind))
        assert bytes(qapp.clipboard().mimeData().data(mime).data()).startswith(start)
        assert qapp.clipboard().mimeData().hasImage()
    place.exporting.copy_data("loss")
    text = qapp.clipboard().text()
    assert text == tab_text(place.dashboard.docks["loss"].view)
    assert text.splitlines()[0].split("\t")[0] == "steps"
    place.exporting.copy_data("dashboard")
    assert "has no table of its own" in place.notice.text.text()


def test_the_dashboard_holds_what_can_be_seen(place, qapp):
    exporting = place.exporting
    assert len(exporting.subject("dashboard").views) == 5
    place.dashboard.docks["derivative"].hide()
    place.dashboard.docks["loss"].setFloating(True)
    qapp.processEvents()
    page = exporting.subject("dashboard")
    assert {view.key for view in page.views} == {"decision_map", "neuron_activity", "activation_curve"}
    shares = [share for _, share in page._places]
    assert min(share.left() for share in shares) == pytest.approx(0)
    assert max(share.bottom() for share in shares) == pytest.approx(1)
    for dock in place.dashboard.docks.values():
        dock.hide()
    exporting.write_image("dashboard", exporting.folder / "none.png")
    assert place.notice.text.text() == "no view is visible, so there is no dashboard to export"
    place.dashboard.docks["loss"].setFloating(False)


def test_a_hidden_view_is_exported_with_the_newest_snapshot(place, monkeypatch):
    place.dashboard.docks["loss"].hide()
    monkeypatch.setattr(place.window, "snapshot", snapshot("iris"), raising=False)
    assert place.exporting.subject("loss").views[0].snapshot is snapshot("iris")
    assert all(view.snapshot is snapshot("iris") for view in place.exporting.subject("dashboard").views)


def test_the_window_is_drawn_sharp_and_whole(place, tmp_path):
    path = tmp_path / "window"
    for kind in ("png", "svg", "pdf"):
        place.exporting.write_image("window", path.with_suffix(f".{kind}"))
    document = path.with_suffix(".svg").read_text()
    for words in ("Loss and accuracy", "training steps", "Samples"):
        assert document.count(f">{words}</text>") == 1, words
    image = picture(place.exporting.subject("window"), place.exporting.size(FigureChoice("window", dpi=96)), Look())
    assert (image.width(), image.height()) == (1200, 800)
    view = place.dashboard.docks["activation_curve"].view
    corner = view.mapTo(place.window, view.rect().center())
    assert image.pixelColor(corner) != place.window.palette().window().color()


def test_a_theme_of_its_own(place):
    for theme, wanted in (("screen", LIGHT), ("dark", DARK)):
        assert place.exporting.look(FigureChoice(theme=theme)).theme is wanted


def test_menus_reach_everything(place):
    actions = place.dashboard.docks["loss"].menu_button.menu().actions()
    by_words = {action.text(): action for action in actions}
    by_words["Export figure…"].trigger()
    assert place.exporting.dialog.choice.subject == "loss"
    by_words["Copy data"].trigger()
    by_words["Copy image"].trigger()
    heard = []
    menu = export_menu(actions[0], place.exporting.titles, place.dashboard.titles, heard.append, heard.append)
    for part in menu.actions():
        if part.menu() is not None:
            for action in part.menu().actions():
                action.trigger()
    assert heard == [*place.exporting.titles, *place.dashboard.titles]
    menu.deleteLater()
