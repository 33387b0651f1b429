"""A view in a dock: its title, its own small controls, and its menu."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from reluviz.ui.theme import Theme, icon
from reluviz.ui.views.base import View


class ViewDock(QDockWidget):
    """Holds one view; can be moved, tabbed, floated and hidden."""

    export_requested = Signal(str)
    """The person wants the view with this key as a file."""
    copy_requested = Signal(str)
    """The person wants the picture of the view with this key on the clipboard."""
    copy_data_requested = Signal(str)
    """The person wants the numbers of the view with this key on the clipboard."""

    def __init__(self, view: View, parent: QWidget | None = None) -> None:
        super().__init__(view.title, parent)
        self.view = view
        self.setObjectName(f"view_{view.key}")
        self.setWidget(view)
        self.setMinimumSize(QSize(200, 140))
        self.name = QLabel(view.title)
        self.name.setObjectName("dockName")
        self.name.setToolTip(view.help)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.menu_button = QToolButton()
        self.menu_button.setToolTip(f"Export, copy, float or hide: {view.title}")
        self.menu_button.setAccessibleName(f"Menu of {view.title}")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setMenu(self._menu())
        self.setTitleBarWidget(self._title_bar())

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Dress the view and the menu button."""
        self.view.set_theme(theme, scale)
        self.menu_button.setIcon(icon("menu", theme, theme.dim))

    def _title_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("dockTitle")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(bar)
        layout.setContentsMargins(12, 4, 5, 2)
        layout.setSpacing(6)
        layout.addWidget(self.name, 1)
        for tool in self.view.tools():
            layout.addWidget(tool)
        layout.addWidget(self.menu_button)
        return bar

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for words, act in (
            ("Export figure…", self._export),
            ("Copy image", self._copy),
            ("Copy data", self._copy_data),
            ("Show everything", self._show_all),
            ("Float", self._float),
            ("Hide", self.hide),
        ):
            action = QAction(words, self)
            action.triggered.connect(act)
            menu.addAction(action)
        return menu

    def _export(self) -> None:
        self.export_requested.emit(self.view.key)

    def _copy(self) -> None:
        self.copy_requested.emit(self.view.key)

    def _copy_data(self) -> None:
        self.copy_data_requested.emit(self.view.key)

    def _show_all(self) -> None:
        for panel in self.view.panels:
            panel.show_all()

    def _float(self) -> None:
        self.setFloating(not self.isFloating())
