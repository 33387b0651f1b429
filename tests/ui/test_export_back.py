"""SVG and PDF are rendered back by other programs and lie where the PNG has its curves, axes, letters and markers."""

import os
import shutil
import subprocess

import numpy as np
import pytest
from PySide6.QtGui import QImage
from snapshots import snapshot

from reluviz import resources
from reluviz.ui.export import Look, ViewSubject
from reluviz.ui.export_formats import save
from reluviz.ui.export_size import Size
from reluviz.ui.theme import DARK, LIGHT, load_fonts
from reluviz.ui.views import VIEWS

pytestmark = pytest.mark.slow
SIZES = {"screen": Size(900, 600, "px", 96), "paper": Size(120, 80, "mm", 300), "small": Size(70, 55, "mm", 400)}
# What may lie elsewhere in other programs' drawings of a view, as a share of its ink, and how much less ink there may
# be: hatches, pale marks and pictures with sharp edges are ink in one and not in the other, and Qt sets letters bolder
# than others do: the diagnosis is all letters. Usual, then by view.
USUAL = (0.004, 0.12)
ROUGH = {
    "health": (0.01, 0.14),
    "network_diagram": (0.006, 0.12),
    "preactivation": (0.006, 0.12),
    "distributions": (0.01, 0.12),
    "sparsity": (0.006, 0.14),
    "chain_ledger": (0.014, 0.12),
    "linear_collapse": (0.07, 0.14),
    "gradient_flow": (0.007, 0.12),
    "diagnosis": (0.015, 0.3),
}
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir><cachedir>{cache}</cachedir>
</fontconfig>"""


def need(tool):
    """Skip where a program is missing."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")


def array(path):
    """A picture as numbers (rows, columns, 3)."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert not image.isNull()
    bits = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return bits[:, :, :3].astype(np.int16)


def back(folder, kind, size):
    """The SVG or PDF as another program draws it, as large as the PNG."""
    wide, high = size.pixels
    source, target = folder / f"figure.{kind}", folder / f"back-{kind}.png"
    if kind == "svg":
        need("rsvg-convert")
        settings = folder / "fonts.conf"
        settings.write_text(FONTS.format(folder=resources.folder() / "fonts", cache=folder / "cache"))
        command = ["rsvg-convert", "-w", str(wide), "-h", str(high), str(source), "-o", str(target)]
        subprocess.run(command, check=True, env={**os.environ, "FONTCONFIG_FILE": str(settings)})
    else:
        need("pdftoppm")
        command = ["pdftoppm", "-scale-to-x", str(wide), "-scale-to-y", str(high), "-png", "-singlefile", str(source),
                   str(target.with_suffix(""))]  # fmt: skip
        subprocess.run(command, check=True)
    return array(target)


def places(picture, color, near=40):
    """Where a colour is: rows and columns."""
    wanted = [int(color[i : i + 2], 16) for i in (5, 3, 1)]
    return np.argwhere((np.abs(picture - wanted) <= near).all(axis=2))


def spread(mask, *reaches):
    """Every true place and its neighbours up to so many rows and columns away."""
    grown = mask.copy()
    for axis, reach in enumerate(reaches):
        row = grown.copy()
        for shift in range(1, reach + 1):
            grown |= np.roll(row, shift, axis) | np.roll(row, -shift, axis)
    return grown


@pytest.fixture(scope="module")
def saved():
    """The folders of the views that have been saved: SVG and PDF of a view are looked at in two tests."""
    return {}


@pytest.fixture
def files(qtbot, saved, tmp_path_factory):
    """A view as PNG, SVG and PDF: the PNG as numbers and the folder of all three."""
    load_fonts()

    def make(key, name, size, look):
        wanted = (key, name, size, look)
        if wanted not in saved:
            folder = tmp_path_factory.mktemp("figures")
            view = VIEWS[key]()
            qtbot.addWidget(view)
            view.draw(snapshot(name, key == "loss_landscape"))
            for kind in ("png", "svg", "pdf"):
                save(ViewSubject(view), folder / f"figure.{kind}", size, look)
            saved[wanted] = folder
        return array(saved[wanted] / "figure.png"), saved[wanted]

    return make


@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", VIEWS)
def test_everything_lies_where_the_picture_has_it(files, key, size, kind):
    size = SIZES[size]
    strays, ink = ROUGH.get(key, USUAL)
    first, folder = files(key, "default", size, Look(LIGHT))
    second = back(folder, kind, size)
    assert first.shape == second.shape
    ground = np.array([255, 255, 255])
    inked, again = (np.abs(picture - ground).max(axis=2) > 90 for picture in (first, second))
    reach = max(2, round(1.5 * size.scale))
    # librsvg sets letters at whole units, so that a line of text ends some units further on.
    across = max(reach, round(6 * size.scale)) if kind == "svg" else reach
    # All ink of one lies so close to ink of the other: nothing is missing, moved, larger or unclipped.
    assert (inked & ~spread(again, reach, across)).sum() <= strays * inked.sum()
    assert (again & ~spread(inked, reach, across)).sum() <= strays * again.sum()
    assert again.sum() == pytest.approx(inked.sum(), rel=ink)


@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("name", ["default", "digits", "table", "line", "diverged", "six_runs"])
def test_the_answers_of_every_kind_of_data(files, name, kind):
    size = Size(900, 600, "px", 96)
    first, folder = files("decision_map", name, size, Look(DARK))
    second = back(folder, kind, size)
    close = np.abs(first - second).max(axis=2) < 70
    assert close.mean() > 0.97


@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize(("key", "curve"), [("activation_curve", 0), ("derivative", 0), ("loss", 1)])
def test_curves_keep_their_place_and_their_width(files, key, curve, kind):
    size = Size(1800, 1200, "px", 192)
    first, folder = files(key, "default", size, Look(LIGHT))
    second = back(folder, kind, size)
    color = LIGHT.runs[curve]
    one, two = places(first, color), places(second, color)
    assert len(one) > 1000
    assert len(two) == pytest.approx(len(one), rel=0.15)
    for axis in (0, 1):
        assert abs(one[:, axis].min() - two[:, axis].min()) <= 2
        assert abs(one[:, axis].max() - two[:, axis].max()) <= 2
    # The lowest and the highest place of the colour in each column: half a unit is one pixel here.
    columns = np.intersect1d(one[:, 1], two[:, 1])
    assert len(columns) > 0.95 * len(np.unique(one[:, 1]))
    for end in (np.minimum, np.maximum):
        rows = []
        for found in (one, two):
            edge = np.full(first.shape[1], -1 if end is np.maximum else first.shape[0])
            end.at(edge, found[:, 1], found[:, 0])
            rows.append(edge[columns])
        assert (np.abs(rows[0] - rows[1]) <= 2).mean() > 0.97


def test_a_pdf_has_its_typefaces_inside_and_its_text_can_be_found(files):
    need("pdffonts")
    need("pdftotext")
    _, folder = files("loss", "default", Size(180, 120, "mm", 300), Look(LIGHT))
    path = str(folder / "figure.pdf")
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), fonts
    assert all(line.startswith("Inter") for line in fonts), fonts
    text = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    for words in ("Loss and accuracy", "training steps", "Sigmoid", "ReLU", "test data", "100", "0.2", "1.0"):
        assert words in text
    images = subprocess.run(["pdfimages", "-list", path], check=True, capture_output=True, text=True).stdout
    assert len(images.splitlines()) == 2
