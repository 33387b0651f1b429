"""The application's style sheet: flat panels, one accent, focus that can be seen."""

from typing import Any

from reluviz import resources

RULES = """
* {{ font-size: {body}pt; }}
QMainWindow, QDialog {{ background: {window}; }}
QMainWindow::separator {{ background: {window}; width: 6px; height: 6px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border}; padding: 5px 7px; }}
QToolBar {{ background: {window}; border: none; padding: 5px 6px; spacing: 4px; }}
QToolBar::separator {{ background: {border}; width: 1px; margin: 5px 5px; }}
QToolButton {{ color: {text}; background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 4px 7px; }}
QToolButton:hover {{ background: {raised}; border-color: {border}; }}
QToolButton:pressed, QToolButton:checked {{ background: {grid}; }}
QToolButton:focus, QPushButton:focus {{ border: 1px solid {accent}; }}
QToolButton:disabled {{ color: {faint}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton {{ color: {text}; background: {raised};
  border: 1px solid {border}; border-radius: 6px; padding: 4px 10px; }}
QPushButton:hover {{ border-color: {axis}; background: {grid}; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton:default, QToolButton#primary {{ background: {accent}; color: {accent_text}; border: 1px solid {accent};
  font-weight: 600; }}
QPushButton:default:disabled {{ background: {grid}; color: {faint}; border: 1px solid {border}; }}
QToolButton#primary:hover {{ background: {accent_hover}; }}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit {{ color: {text}; background: {field};
  border: 1px solid {border}; border-radius: 5px; padding: 2px 6px; min-height: 1.5em;
  selection-background-color: {accent}; selection-color: {accent_text}; }}
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover {{ border-color: {axis}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{ border: 1px solid {accent}; }}
QLineEdit:disabled, QComboBox:disabled {{ color: {faint}; }}
QComboBox {{ padding-right: 18px; combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QComboBox::down-arrow {{ image: url({arrow}); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {panel}; color: {text}; border: 1px solid {border}; outline: none;
  selection-background-color: {accent}; selection-color: {accent_text}; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
  width: 0; border: none; }}
QSlider::groove:horizontal {{ height: 4px; background: {border}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ height: 4px; background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {handle}; border: 1px solid {axis}; width: 12px; height: 12px;
  margin: -5px 0; border-radius: 7px; }}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ border: 2px solid {accent}; width: 10px;
  height: 10px; }}
QSlider::sub-page:horizontal:disabled {{ background: {axis}; }}
QCheckBox {{ spacing: 7px; background: transparent; }}
QCheckBox::indicator, QListView::indicator {{ width: 14px; height: 14px; border: 1px solid {axis}; border-radius: 4px;
  background: {field}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {accent}; border-color: {accent};
  image: url({check}); }}
QCheckBox::indicator:focus {{ border: 1px solid {accent}; }}
QListView::indicator:disabled {{ background: {raised}; border-color: {border}; }}
QTableView, QListView {{ background: {panel}; color: {text}; border: 1px solid {border}; gridline-color: {grid};
  outline: none; selection-background-color: {accent}; selection-color: {accent_text}; }}
QTableView:focus, QListView:focus {{ border: 1px solid {accent}; }}
QTableView::item {{ padding: 0 5px; }}
QAbstractScrollArea::corner {{ background: {panel}; border: none; }}
QListView#columns::item {{ padding: 2px 4px; }}
QListView#columns::item:disabled {{ color: {dim}; }}
QHeaderView {{ background: {raised}; border: none; }}
QHeaderView::section {{ background: {raised}; border: none; border-right: 1px solid {grid};
  border-bottom: 1px solid {border}; padding: 4px 7px; }}
QProgressBar {{ background: {grid}; border: none; border-radius: 3px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QMenuBar {{ background: {window}; color: {text}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 5px; background: transparent; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {panel}; color: {text}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {accent_text}; }}
QMenu::item:disabled {{ color: {faint}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 8px; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {border}; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {axis}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QTabBar::tab {{ background: {window}; color: {dim}; padding: 5px 12px; border: none;
  border-top-left-radius: 6px; border-top-right-radius: 6px; }}
QTabBar::tab:selected {{ background: {panel}; color: {text}; }}
QTabBar::tab:hover {{ color: {text}; }}
QDockWidget {{ background: {panel}; border: none; }}
QWidget#dockTitle {{ background: {panel}; }}
QWidget#dockTitle[tinted="true"] {{ background: {tint}; }}
QLabel#dockName {{ color: {text}; font-weight: 600; background: transparent; }}
QWidget#dockTitle QComboBox {{ min-height: 1.25em; padding: 1px 16px 1px 6px; }}
QWidget#dockTitle QToolButton {{ padding: 2px 4px; }}
QFrame#toolPopup {{ background: {panel}; border: 1px solid {border}; border-radius: 6px; }}
QWidget#view {{ background: {panel}; }}
QFrame#valuePopup {{ background: {window}; border: 1px solid {axis}; }}
QFrame#valuePopup QScrollArea > QWidget > QWidget {{ background: {window}; }}
QStatusBar {{ background: {window}; color: {dim}; }}
"""


def style_sheet(theme: Any, scale: float) -> str:
    """The rules for a theme; text is scaled, lines are not."""
    names = ("window", "panel", "raised", "text", "dim", "grid", "axis", "border", "accent", "accent_text")
    colors = {name: getattr(theme, name) for name in names}
    arrow, check = (theme_file(name, theme) for name in ("arrow", "check"))
    return RULES.format(
        **colors,
        body=9.5 * scale,
        field=theme.window if theme.dark else theme.panel,
        handle=theme.text if theme.dark else theme.panel,
        faint="#656d7b" if theme.dark else "#9aa1ad",
        accent_hover="#7abaff" if theme.dark else "#0d72e0",
        tint="#24405f" if theme.dark else "#cfe2f8",
        arrow=arrow,
        check=check,
    )


def theme_file(name: str, theme: Any) -> str:
    """The address of a small drawing that the style sheet itself refers to."""
    return resources.path("icons", f"{name}-{theme.name}.svg").as_posix()
