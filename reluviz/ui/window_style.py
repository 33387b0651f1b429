"""The style sheet of the window: the theme's own rules and those of the panels."""

from reluviz.ui.theme import DARK, Theme, style_sheet

RULES = """
#controls, #controlsInside {{ background: {panel}; }}
QToolButton#section {{ border: none; padding: 6px 0; font-weight: 600; text-align: left; background: transparent; }}
QToolButton#section:hover {{ color: {accent}; }}
QFrame#card {{ background: {raised}; border: 1px solid {grid}; border-radius: 8px; }}
QLabel#cardTitle {{ font-weight: 600; background: transparent; }}
QLabel#tag {{ color: {dim}; font-style: italic; background: transparent; }}
QLabel#caption {{ color: {dim}; background: transparent; }}
QLabel#formula {{ color: {dim}; background: transparent; }}
QLabel#formula:disabled {{ color: {axis}; }}
QLabel#problem {{ color: {warning}; background: transparent; }}
QLineEdit#formulaField {{ font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; }}
QLineEdit#end {{ color: {dim}; padding: 1px 2px; border-color: transparent; background: transparent; }}
QLineEdit#end:hover, QLineEdit#end:focus {{ color: {text}; border-color: {axis}; }}
QToolButton#link {{ color: {dim}; border: none; padding: 2px 0; text-align: left; background: transparent; }}
QToolButton#link:hover, QToolButton#link:focus {{ color: {accent}; }}
QFrame#drawer QListView {{ border: none; }}
QFrame#drawer QListView::item {{ padding: 3px 4px; border-radius: 4px; }}
QFrame#drawer QListView::item:selected {{ background: {accent}; color: {accent_text}; }}
QLabel#about {{ color: {dim}; padding: 2px 4px; border-top: 1px solid {grid}; background: transparent; }}
QLineEdit[wrong="true"] {{ border: 1px solid {wrong}; background: {wrong_back}; }}
QToolButton#small {{ border: none; border-radius: 5px; padding: 3px; min-width: 18px; }}
QToolButton#small:hover {{ background: {grid}; }}
QToolBar#notice {{ background: {raised}; border: none; border-bottom: 1px solid {grid}; padding: 0 6px; }}
QLabel#noticeText {{ padding: 3px 4px; }}
QLabel#noticeText[kind="error"] {{ color: {wrong}; }}
QLabel#dataName {{ font-weight: 600; background: transparent; }}
QLabel#dataSentence[wrong="true"] {{ color: {wrong}; }}
QStatusBar {{ background: {window}; }}
QStatusBar::item {{ border: none; }}
QLabel#statusWords {{ padding-left: 2px; }}
QLabel#statusNumber {{ color: {dim}; padding: 0 8px; }}
QLabel#loading {{ color: {dim}; }}
"""


def window_style(theme: Theme, scale: float) -> str:
    """The whole style sheet for a theme and a scale of the text."""
    dark = theme is DARK
    names = ("window", "panel", "raised", "text", "dim", "grid", "axis", "accent", "accent_text", "warning")
    colors = {name: getattr(theme, name) for name in names}
    wrong, wrong_back = ("#ff7b72", "#3a2022") if dark else ("#b3261e", "#fdeceb")
    return style_sheet(theme, scale) + RULES.format(**colors, wrong=wrong, wrong_back=wrong_back)
