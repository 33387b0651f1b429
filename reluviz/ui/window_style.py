"""The style sheet of the window: the theme's own rules and those of the panels."""

from reluviz.ui.theme import DARK, Theme, style_sheet

RULES = """
#controls, #controlsInside {{ background: {panel}; }}
QToolButton#section {{ border: none; padding: 6px 0; font-weight: 600; text-align: left; background: transparent; }}
QToolButton#section:hover {{ color: {accent}; }}
QFrame#card {{ background: {raised}; border: 1px solid {grid}; border-radius: 8px; }}
QLabel#cardTitle {{ font-weight: 600; background: transparent; }}
QLabel#caption {{ color: {dim}; background: transparent; }}
QLabel#formula {{ color: {dim}; background: transparent; }}
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
    colors = {
        name: getattr(theme, name) for name in ("window", "panel", "raised", "text", "dim", "grid", "axis", "accent")
    }
    wrong, wrong_back = ("#ff7b72", "#3a2022") if dark else ("#b3261e", "#fdeceb")
    return style_sheet(theme, scale) + RULES.format(**colors, wrong=wrong, wrong_back=wrong_back)
