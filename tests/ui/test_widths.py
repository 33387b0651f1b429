"""The row of layer widths."""

from reluviz.core.param import Widths
from reluviz.core.settings import Network
from reluviz.ui.form import Form
from reluviz.ui.widths import WidthsEditor


def test_a_deep_network_does_not_widen_the_panel(qtbot):
    form = Form(Network, "network")
    qtbot.addWidget(form)
    editor = form.findChild(WidthsEditor)
    hints = []
    for depth in (3, 6, 10):
        form.show_value(Network(hidden=(8,) * depth))
        form.show()
        form.layout().activate()
        hints.append(form.minimumSizeHint().width())
        assert sum(chip.isVisibleTo(editor) for chip in editor._chips) == depth
    assert len(set(hints)) == 1


def test_a_chip_has_room_for_the_widest_layer(qtbot):
    editor = WidthsEditor(Widths("Hidden layers", 1, 1024, 10, "Neurons."), "Neurons.")
    qtbot.addWidget(editor)
    editor.show_value((1024, 8))
    chip = editor._chips[0]
    assert chip.minimumSizeHint().width() > chip.fontMetrics().horizontalAdvance("1024")
