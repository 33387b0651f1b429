"""Figures as files: every view in every format, at any size and dress, and what fails leaves the old file alone."""

import csv
import io
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainter, QPen, QPixmap
from snapshots import LABS, snapshot

from reluviz.ui.export import ExportError, Look, PageSubject, Sheet, ViewSubject, stand_in
from reluviz.ui.export_formats import FORMATS, pdf, picture, png, save, svg
from reluviz.ui.export_formats import csv as csv_bytes
from reluviz.ui.export_size import Size, parse_size
from reluviz.ui.export_svg import SvgPage
from reluviz.ui.theme import DARK, LIGHT
from reluviz.ui.views import VIEWS

SVG = "{http://www.w3.org/2000/svg}"
SMALL = Size(480, 320, "px", 96)
kinds = pytest.mark.parametrize("kind", VIEWS.values(), ids=list(VIEWS))


def pixels(image):
    """The picture as bytes (rows, columns, 4)."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


@pytest.fixture
def subject(qtbot):
    """A view with a lab in it, as something to export."""

    def make(kind, name="default", theme=LIGHT):
        view = kind()
        qtbot.addWidget(view)
        view.resize(520, 380)
        view.set_theme(theme, 1.0)
        view.draw(snapshot(name))
        return ViewSubject(view)

    return make


@kinds
@pytest.mark.parametrize("name", ["default", "diverged", "digits"])
def test_every_view_in_every_format(subject, kind, name):
    made = subject(kind, name)
    assert len(np.unique(pixels(picture(made, SMALL, Look(LIGHT))))) > 3
    root = ET.fromstring(svg(made, SMALL, Look(LIGHT)))
    assert root.get("viewBox") == "0 0 480 320"
    assert made.title in [text.text for text in root.iter(f"{SVG}text")]
    assert pdf(made, SMALL, Look(LIGHT)).startswith(b"%PDF-1.4")
    rows = list(csv.reader(io.StringIO(csv_bytes(made, SMALL, Look(LIGHT)).decode())))
    # A landscape is computed when it is asked for, and data of many inputs have no regions to draw.
    assert len(rows) > 1 or not made.view.table().rows
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.slow
@kinds
@pytest.mark.parametrize("name", [name for name in LABS if name not in ("wide",)])
def test_every_view_in_every_format_on_every_lab(subject, tmp_path, kind, name):
    made = subject(kind, name)
    for ending in FORMATS:
        # 64 layers of two runs have more rows than a spreadsheet.
        if (name, made.view.key, ending) != ("deep", "neuron_activity", "csv"):
            save(made, tmp_path / f"figure.{ending}", SMALL, Look(DARK, transparent=True))
    ET.parse(tmp_path / "figure.svg")


@pytest.mark.slow
def test_a_table_too_long_for_a_spreadsheet_says_so(subject):
    with pytest.raises(ExportError, match="rows, and 1048575 are allowed: show one run only"):
        csv_bytes(subject(VIEWS["neuron_activity"], "wide"), SMALL, Look())


@kinds
@pytest.mark.parametrize("scale", [2.5])
def test_twice_the_dots_are_the_same_figure_and_sharper(subject, kind, scale):
    made = subject(kind)
    small = picture(made, Size(400, 300, "px", 96), Look(LIGHT))
    image = picture(made, Size(400 * scale, 300 * scale, "px", 96 * scale), Look(LIGHT))
    assert (image.width(), image.height()) == (400 * scale, 300 * scale)
    assert image.dotsPerMeterX() == round(96 * scale / 0.0254)
    # The same share of ink at every scale means that lines and letters grew with the picture.
    ink = [np.mean(np.abs(pixels(i).astype(int)[:, :, :3] - 255) > 60) for i in (small, image)]
    assert ink[1] == pytest.approx(ink[0], rel=0.35)


@kinds
def test_a_figure_may_have_another_theme_and_leaves_the_view_alone(subject, kind):
    made = subject(kind)
    made.view.show()
    before = pixels(made.view.grab().toImage())
    assert pixels(picture(made, SMALL, Look(DARK)))[:, :, :3].mean() < 140
    assert b'fill="#1a1d24"' in svg(made, SMALL, Look(DARK))
    assert (pixels(made.view.grab().toImage()) == before).all()
    made.view.hide()


@kinds
def test_a_transparent_figure_has_no_background(subject, kind):
    made = subject(kind)
    image = picture(made, SMALL, Look(LIGHT, transparent=True))
    assert image.hasAlphaChannel()
    alpha = pixels(image)[:, :, 3]
    assert alpha[0, 0] == alpha[-1, -1] == 0
    assert (alpha == 255).sum() > 500
    assert not picture(made, SMALL, Look(LIGHT)).hasAlphaChannel()
    assert f'fill="{LIGHT.panel}" fill-rule'.encode() not in svg(made, SMALL, Look(LIGHT, transparent=True)).split(
        b"<text")[0]  # fmt: skip


def test_letters_follow_the_text_size_and_the_title_can_be_left_out(subject):
    made = subject(VIEWS["loss"])
    sizes = []
    for look in (Look(LIGHT), Look(LIGHT, 2.0), Look(LIGHT, title=False)):
        texts = list(ET.fromstring(svg(made, Size(1200, 800, "px", 96), look)).iter(f"{SVG}text"))
        sizes.append({text.text: float(text.get("font-size")) for text in texts})
    assert sizes[1]["Sigmoid"] == pytest.approx(2 * sizes[0]["Sigmoid"], abs=0.02)
    assert "Loss and accuracy" in sizes[0]
    assert "Loss and accuracy" not in sizes[2]


def test_paper_sizes(subject):
    made = subject(VIEWS["derivative"])
    size = Size(180, 120, "mm", 300)
    image = picture(made, size, Look(LIGHT))
    assert (image.width(), image.height()) == (2126, 1417)
    root = ET.fromstring(svg(made, size, Look(LIGHT)))
    assert (root.get("width"), root.get("height")) == ("180mm", "120mm")
    assert b"/MediaBox [0 0 510" in pdf(made, size, Look(LIGHT))


def test_svg_has_text_typefaces_clips_and_whole_curves(subject):
    made = subject(VIEWS["loss"])
    root = ET.fromstring(svg(made, Size(), Look(LIGHT)))
    texts = {text.text: text for text in root.iter(f"{SVG}text")}
    assert {"loss", "accuracy", "training steps", "ReLU", "0.2"} <= set(texts)
    assert all(text.get("font-family").startswith("Inter,") for text in texts.values())
    assert texts["Loss and accuracy"].get("font-weight") == "600"
    clips = {clip.get("id") for clip in root.iter(f"{SVG}clipPath")}
    groups = [group for group in root.iter(f"{SVG}g") if group.get("clip-path")]
    assert {group.get("clip-path")[5:-1] for group in groups} <= clips
    # One path a curve: two runs, training data solid and test data dashed, loss and accuracy.
    curves = [p for group in groups for p in group.iter(f"{SVG}path") if len(p.get("d")) > 1000]
    assert len(curves) == 8
    assert sum(p.get("stroke-dasharray") is not None for p in curves) == 4
    assert {p.get("stroke-width") for p in curves} == {"2", "1.3"}
    assert not list(root.iter(f"{SVG}image"))


def test_svg_text_is_cut_only_where_the_figure_cuts_it(subject):
    """A viewer that lacks the typeface takes a wider one: a label in full sight must not lose its last letter."""
    root = ET.fromstring(svg(subject(VIEWS["activation_curve"]), Size(), Look(LIGHT)))
    groups = [group for group in root.iter(f"{SVG}g") if group.get("clip-path")]
    clipped = [text.text for group in groups for text in group.iter(f"{SVG}text")]
    every = [text.text for text in root.iter(f"{SVG}text")]
    assert "x, the input of a neuron" in every
    assert clipped == []


def test_svg_markers_are_paths_and_fields_are_pictures(subject):
    root = ET.fromstring(svg(subject(VIEWS["decision_map"]), Size(), Look(LIGHT)))
    assert len(list(root.iter(f"{SVG}image"))) == 2
    marked = [p for p in root.iter(f"{SVG}path") if "C" in p.get("d") and p.get("fill") != "none"]
    samples = snapshot("default").dataset
    assert len(marked) >= 2 * (len(samples.x_train) + len(samples.x_test))


def test_svg_of_everything_a_painter_can_draw(qapp):
    page = SvgPage(200, 100, (2, 1), "<all>", 96.0)
    painter = QPainter(page)
    gradient = QLinearGradient(0, 0, 100, 0)
    gradient.setColorAt(0, QColor("#ff0000"))
    gradient.setColorAt(1, QColor("#0000ff"))
    painter.fillRect(QRectF(0, 0, 100, 20), QBrush(gradient))
    painter.setPen(QPen(QColor(0, 0, 0, 128), 3, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap))
    painter.drawPoint(5, 5)
    painter.drawPolygon([painter.window().center(), painter.window().topLeft(), painter.window().bottomLeft()])
    painter.save()
    painter.setClipRect(10, 10, 50, 50)
    painter.setClipRect(QRectF(20.5, 0, 100, 100), Qt.ClipOperation.IntersectClip)
    painter.rotate(30)
    painter.drawText(10, 10, "a < b & c")
    painter.restore()
    painter.setOpacity(0.5)
    painter.drawTiledPixmap(0, 0, 30, 30, QPixmap(10, 10))
    painter.drawEllipse(50, 50, 20, 10)
    painter.end()
    root = ET.fromstring(page.document)
    assert root.find(f"{SVG}title").text == "<all>"
    text = next(iter(root.iter(f"{SVG}text")))
    assert text.text == "a < b & c"
    assert text.get("transform").startswith("matrix(0.866")
    clip = next(iter(root.iter(f"{SVG}clipPath")))
    assert next(iter(clip)).get("d") == "M20.5 10 L60 10 L60 60 L20.5 60 L20.5 10 Z"
    assert len(list(root.iter(f"{SVG}image"))) == 1
    assert 'stroke-opacity="0.25"' in page.document
    assert "url(#l" in page.document


def test_an_error_while_drawing_is_raised_not_lost(qapp, monkeypatch):
    page = SvgPage(200, 100, (2, 1), "x", 96.0)
    monkeypatch.setattr(page.paintEngine(), "_stroke", lambda: 1 / 0)
    painter = QPainter(page)
    painter.drawLine(0, 0, 5, 5)
    painter.end()
    with pytest.raises(ZeroDivisionError):
        _ = page.document


def test_a_page_holds_all_its_views(subject):
    parts = [subject(VIEWS["loss"]), subject(VIEWS["derivative"])]
    places = [(part.view, QRectF(0.5 * place, 0, 0.5, 1)) for place, part in enumerate(parts)]
    root = ET.fromstring(svg(PageSubject(places), Size(1800, 800, "px", 96), Look(DARK)))
    texts = {text.text: float(text.get("x")) for text in root.iter(f"{SVG}text")}
    assert texts["Loss and accuracy"] < 900 < texts["Derivative f′(x)"]
    assert next(root.find(f"{SVG}g").iter(f"{SVG}path")).get("fill") == DARK.window
    with pytest.raises(ExportError, match="no view is visible"):
        svg(PageSubject([]), Size(), Look(DARK))
    with pytest.raises(ExportError, match="Dashboard has no table of its own"):
        csv_bytes(PageSubject(places), Size(), Look(DARK))


@pytest.mark.parametrize(
    ("text", "pixels", "units"),
    [
        ("1800x1200", (1800, 1200), (900, 600)),
        (" 1800 × 1200 PX ", (1800, 1200), (900, 600)),
        ("254x127mm", (1920, 960), (960, 480)),
        ("89.5x60mm", (677, 454), (338, 227)),
    ],
)
def test_sizes_are_understood(text, pixels, units):
    size = parse_size(text, 192)
    assert (size.pixels, size.units) == (pixels, units)


@pytest.mark.parametrize(
    ("text", "dpi", "sentence"),
    [
        ("wide", 96, "is not understood: write for example 1800x1200px"),
        ("1800", 96, "is not understood"),
        ("-5x20", 96, "is not understood"),
        ("1x1", 96, "a side of 1 px is not allowed: it must be from 32 to 16384"),
        ("5x20mm", 96, "a side of 5 mm is not allowed: it must be from 10 to 2000"),
        ("2000x20mm", 2400, "pixels are not allowed: each side must be from 32 to 16384"),
        ("16000x16000", 96, "are too many: at most 120 million"),
        ("800x600", 5, "5 dots an inch are not allowed"),
        ("800x600", float("nan"), "dots an inch are not allowed"),
    ],
)
def test_wrong_sizes_are_one_sentence(text, dpi, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_size(text, dpi)


@pytest.mark.parametrize(("name", "size"), [
    ("wide", Size(900, 600, "px", 96)), ("deep", Size(900, 1200, "px", 96)), ("default", Size(60, 50, "mm", 96)),
])  # fmt: skip
def test_on_paper_all_neurons_are_in_view(subject, name, size):
    made = subject(VIEWS["neuron_activity"], name)
    with stand_in(made.view, QSize(*size.units), Sheet.of(size, Look(LIGHT), vector=True)) as copy:
        for mosaic in copy.mosaics:
            assert 0 < mosaic._tiling.height <= mosaic.rect().height()


def test_files_are_whole_or_untouched(subject, tmp_path):
    made = subject(VIEWS["loss"])
    path = tmp_path / "loss.png"
    save(made, path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [file.name for file in tmp_path.iterdir()] == ["loss.png"]
    with pytest.raises(ExportError, match=r"loss\.png could not be written to .*nowhere: No such file"):
        save(made, tmp_path / "nowhere" / "loss.png")
    with pytest.raises(ExportError, match=r"the ending '\.gif' of loss\.gif is not allowed: it must be png, svg"):
        save(made, tmp_path / "loss.gif")
    with pytest.raises(ExportError, match="could not be written"):
        (tmp_path / "folder.png").mkdir()
        save(made, tmp_path / "folder.png")


FULL = """
import resource, signal, sys
from pathlib import Path
from reluviz.core.snapshot import Snapshot
from reluviz.core.settings import Settings
from reluviz.core.trainer import Trainer
from reluviz.ui.export import ExportError
from reluviz.ui.figures import write_figure
snapshot = Trainer(Settings()).snapshot()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    write_figure(snapshot, "decision_map", Path(sys.argv[1]))
except ExportError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of Unix")
def test_a_full_disk_leaves_the_old_file(tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"figure.png could not be written to {tmp_path}: File too large\n"
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["figure.png"]


def test_a_view_without_a_snapshot_says_so(qtbot):
    view = VIEWS["loss"]()
    qtbot.addWidget(view)
    for make in (png, svg, pdf, csv_bytes):
        with pytest.raises(ExportError, match="nothing to show yet"):
            make(ViewSubject(view), Size(), Look())
