"""A view in a dock: its title, its own small controls, and its menu. The view is made when it is first wanted."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMenu, QToolButton, QWidget

from reluviz.ui.elided import ElidedLabel
from reluviz.ui.theme import Theme, icon
from reluviz.ui.tool_row import ToolRow
from reluviz.ui.views.base import View

LEAST_NAME = 56
POINT_OUT_MS = 700


class TitleBar(QWidget):
    """The bar of a dock; tools that are squeezed are better than a window wider than the screen."""

    def minimumSizeHint(self) -> QSize:
        """As high as its tools, and never wider than a dock may be."""
        return QSize(0, super().minimumSizeHint().height())


class ViewDock(QDockWidget):
    """Holds one view; can be moved, tabbed, floated and hidden."""

    export_requested = Signal(str)
    """The person wants the view with this key as a file."""
    copy_requested = Signal(str)
    """The person wants the picture of the view with this key on the clipboard."""
    copy_data_requested = Signal(str)
    """The person wants the numbers of the view with this key on the clipboard."""
    made = Signal(object)
    """The view has been made; a plot costs tens of milliseconds, and most are not looked at."""

    def __init__(self, kind: type[View], parent: QWidget | None = None) -> None:
        super().__init__(kind.title, parent)
        self.kind = kind
        self._view: View | None = None
        self.setObjectName(f"view_{kind.key}")
        self.setMinimumSize(QSize(200, 140))
        self.name = ElidedLabel(kind.title)
        self.name.setObjectName("dockName")
        self.name.setToolTip(f"{kind.title}\n\n{kind.help}")
        # The beginning of the name stays to be read beside many tools.
        self.name.setMinimumWidth(LEAST_NAME)
        self.menu_button = QToolButton()
        self.menu_button.setToolTip(f"Export, copy, float or hide: {kind.title}")
        self.menu_button.setAccessibleName(f"Menu of {kind.title}")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setMenu(self._menu())
        self.tools = ToolRow(kind.title)
        self._bar = QHBoxLayout()
        self.setTitleBarWidget(self._title_bar())
        self.toggleViewAction().triggered.connect(self._come_forward)

    @property
    def view(self) -> View:
        """The view, made now if it was not wanted before."""
        if self._view is None:
            self._view = self.kind()
            self.setWidget(self._view)
            self.tools.set_tools(self._view.tools())
            self.made.emit(self._view)
        return self._view

    @property
    def living(self) -> View | None:
        """The view if it has been made."""
        return self._view

    def showEvent(self, event: QShowEvent) -> None:
        """Make the view before it is seen."""
        self.view.show()
        super().showEvent(event)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Dress the view and the menu button."""
        if self._view is not None:
            self._view.set_theme(theme, scale)
        self.menu_button.setIcon(icon("menu", theme, theme.dim))

    def point_out(self) -> None:
        """Come on top, and tint the title for a moment, in case it was there already."""
        self.raise_()
        self._tint(True)
        QTimer.singleShot(POINT_OUT_MS, self, partial(self._tint, False))

    def _tint(self, tinted: bool) -> None:
        bar = self.titleBarWidget()
        bar.setProperty("tinted", tinted)
        bar.style().unpolish(bar)
        bar.style().polish(bar)

    def _come_forward(self, shown: bool) -> None:
        """What comes as a tab comes on top."""
        if shown:
            self.raise_()

    def _title_bar(self) -> QWidget:
        bar = TitleBar()
        bar.setObjectName("dockTitle")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setLayout(self._bar)
        self._bar.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._bar.setContentsMargins(12, 4, 5, 2)
        self._bar.setSpacing(6)
        self._bar.addWidget(self.name, 1)
        self._bar.addWidget(self.tools)
        self._bar.addWidget(self.menu_button)
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
        self.export_requested.emit(self.kind.key)

    def _copy(self) -> None:
        self.copy_requested.emit(self.kind.key)

    def _copy_data(self) -> None:
        self.copy_data_requested.emit(self.kind.key)

    def _show_all(self) -> None:
        for panel in self.view.panels:
            panel.show_all()

    def _float(self) -> None:
        self.setFloating(not self.isFloating())
