"""Small controls that find no room stay within reach."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from reluviz.ui.tool_row import ToolRow
from reluviz.ui.view_dock import ViewDock
from reluviz.ui.views import VIEWS

# Popups grab what the offscreen platform does not have.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def row(qtbot):
    made = ToolRow("a plot")
    qtbot.addWidget(made)
    made.set_tools([QPushButton(words) for words in ("first", "second", "third")])
    made.resize(made.sizeHint())
    made.show()
    return made


def words(tools):
    return [tool.text() for tool in tools]


def test_all_are_in_sight_where_there_is_room(row):
    assert words(row.inside) == ["first", "second", "third"]
    assert not row.more.isVisible()


def test_the_last_ones_go_behind_a_button_and_come_back(row, qtbot):
    wide, high = row.width(), row.height()
    row.resize(wide - 10, high)
    assert words(row.inside) == ["first", "second"]
    row.resize(row._tools[0].sizeHint().width() + row.more.sizeHint().width() + 10, high)
    assert words(row.inside) == ["first"]
    assert row.more.isVisible()
    qtbot.mouseClick(row.more, Qt.MouseButton.LeftButton)
    assert row.popup.isVisible()
    hidden = [tool for tool in row._tools if tool not in row.inside]
    assert all(tool.isVisible() and tool.parent() is row.popup for tool in hidden)
    assert row.popup.mapToGlobal(QPoint()).y() >= row.more.mapToGlobal(QPoint()).y()
    row.popup.hide()
    row.resize(0, high)
    assert not row.inside
    row.resize(wide, high)
    assert words(row.inside) == ["first", "second", "third"]
    assert words(row._row.itemAt(place).widget() for place in range(3)) == ["first", "second", "third"]


def test_a_tool_that_the_view_hides_takes_no_room_and_keeps_its_place(row, qapp):
    wide = row.sizeHint().width()
    row._tools[1].hide()
    qapp.processEvents()
    assert row.sizeHint().width() < wide
    assert words(tool for tool in row.inside if not tool.isHidden()) == ["first", "third"]
    row._tools[1].show()
    qapp.processEvents()
    row.resize(wide, row.height())
    assert words(row.inside) == ["first", "second", "third"]


@pytest.mark.parametrize("kind", VIEWS.values(), ids=list(VIEWS))
def test_every_tool_of_every_view_can_be_reached_in_a_narrow_dock(qtbot, kind):
    dock = ViewDock(kind)
    qtbot.addWidget(dock)
    dock.resize(220, 200)
    dock.show()
    tools = dock.view.tools()
    wanted = [tool for tool in tools if not tool.isHidden()]
    assert all(tool.parent() in (dock.tools, dock.tools.popup) for tool in wanted)
    assert dock.tools.more.isVisible() == any(tool.parent() is dock.tools.popup for tool in wanted)
    if dock.tools.more.isVisible():
        dock.tools.more.click()
        assert all(tool.isVisible() for tool in wanted)
        dock.tools.popup.hide()
