"""Labs as text, and what recent files are called."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Network, Settings, Training
from reluviz.ui.sharing import MOST_RECENT, lab_from_text, recent_title, recent_with

LAB = Settings(network=Network(hidden=(5, 3), seed=7), training=Training(learning_rate=0.03))
TEXT = LAB.to_toml()


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "\n\n" + TEXT + "\n",
        "Look at this lab:\n\n```toml\n" + TEXT + "```\n\nWhy does it not learn?",
        "\n".join("> " + line for line in TEXT.splitlines()),
        TEXT.replace("\n", "\r\n"),
        "~~~\n" + TEXT + "~~~",
    ],
    ids=["plain", "blank lines", "fenced in a message", "quoted", "other line ends", "other fence"],
)
def test_a_lab_comes_back_from_text(text):
    assert lab_from_text(text) == LAB


@pytest.mark.parametrize("text", ["", "hello", "formats = 1", "x" * 100_000, "> > >", "```"])
def test_text_without_a_lab_is_one_sentence(text):
    with pytest.raises(SessionError, match=r"^the clipboard holds no lab: .*format = 1$"):
        lab_from_text(text)


def test_a_wrong_lab_names_the_key():
    with pytest.raises(SessionError, match=r"network\.hidden"):
        lab_from_text("format = 1\n[network]\nhidden = [0]")


@given(st.text(max_size=300))
def test_any_text_is_a_lab_or_a_sentence(text):
    said = ""
    try:
        lab_from_text(text)
    except SessionError as error:
        said = str(error)
    assert "\n" not in said


def test_recent_files_are_few_and_the_newest_is_first():
    names: list[str] = []
    for place in range(20):
        names = recent_with(names, Path(f"/labs/{place}.reluviz"))
    assert len(names) == MOST_RECENT
    assert names[0] == str(Path("/labs/19.reluviz").absolute())
    again = recent_with(names, Path(names[3]))
    assert again[0] == names[3]
    assert sorted(again) == sorted(names)


def test_titles_are_short_and_show_their_ampersands():
    assert recent_title(0, str(Path.home() / "labs" / "a&b.reluviz")) == "&1  a&&b.reluviz    ~/labs"
    assert len(recent_title(1, "/" + "x" * 300 + "/lab.reluviz")) < 70
