"""CSV tables: every way of writing them, every cell checked, and the same numbers as the built-in sets."""

from pathlib import Path

import numpy as np
import pytest

from reluviz.core import csvread
from reluviz.core.contents import MOST_CLASSES, DataError
from reluviz.core.csvguess import guess_answer, guess_target, is_number, sketch, unique_names
from reluviz.core.files import CSV
from reluviz.core.ticket import Cancelled, Ticket

ROWS = [("1.5", "-2", "cat"), ("2.25", "3e1", "dog"), ("-.5", "4", "cat"), ("7", "0.125", "eel"), ("8", "9", "dog")]
X = np.array([[1.5, -2], [2.25, 30], [-0.5, 4], [7, 0.125], [8, 9]])


@pytest.fixture
def table(tmp_path):
    """Write a table and give its source, or what reading it gives."""

    def make(text, name="table.csv", encoding="utf-8", **choices):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return CSV(path=str(path), **choices)

    return make


def read(source):
    settled = source.settle(Ticket())
    return settled, settled.contents()


def written(separator=",", decimal=".", header="a{0}b{0}kind\n", quote="", end="\n"):
    def cell(text):
        return f"{quote}{text.replace('.', decimal)}{quote}"

    lines = [separator.join(map(cell, row)) + end for row in ROWS]
    return header.format(separator).replace("\n", end) + "".join(lines)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_way_of_writing_gives_the_same_numbers(table, separator, decimal, quote, end, encoding):
    if (separator, decimal) == (",", ","):
        # Only quotes tell these commas apart.
        quote = '"'
    settled, contents = read(table(written(separator, decimal, quote=quote, end=end), encoding=encoding))
    np.testing.assert_array_equal(contents.x, X)
    assert contents.input_names == ("a", "b")
    assert contents.class_names == ("cat", "dog", "eel")
    np.testing.assert_array_equal(contents.y, [0, 1, 0, 2, 1])
    assert (settled.target, settled.answer, settled.task, settled.header) == ("kind", "classes", "classes", "yes")
    assert settled.decimal == {".": "point", ",": "comma"}[decimal]


def test_without_a_header_columns_are_numbered(table):
    settled, contents = read(table(written(header="")))
    assert settled.header == "no"
    assert contents.input_names == ("column 1", "column 2")
    np.testing.assert_array_equal(contents.x, X)


@pytest.mark.parametrize(
    ("cells", "answer", "names", "y"),
    [
        ("0 1 1 0", "two_classes", ("0", "1"), [0, 1, 1, 0]),
        ("10 9 2 9", "classes", ("2", "9", "10"), [2, 1, 0, 1]),
        ("1 1.0 01 2", "two_classes", ("1", "2"), [0, 0, 0, 1]),
        ("yes no yes no", "two_classes", ("no", "yes"), [1, 0, 1, 0]),
        ("+ - + -", "two_classes", ("+", "-"), [0, 1, 0, 1]),
        ("Ja ja nein Nein", "classes", ("Ja", "ja", "Nein", "nein"), [0, 1, 3, 2]),
        ("0.5 1.5 2 0.5", "number", (), [0.5, 1.5, 2, 0.5]),
    ],
)
def test_what_the_target_means(table, cells, answer, names, y):
    text = "a,t\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells.split()))
    choice = "classes" if "1.0" in cells else "auto"
    settled, contents = read(table(text, answer=choice))
    assert settled.answer == (answer if choice == "auto" else "classes")
    assert contents.class_names == names
    np.testing.assert_array_equal(contents.y, y)


def test_a_target_of_whole_numbers_can_be_taken_as_a_number_or_as_classes(table):
    text = "a,t\n" + "".join(f"{i},{i % 3}\n" for i in range(9))
    assert read(table(text))[0].answer == "classes"
    settled, contents = read(table(text, answer="number"))
    assert (settled.task, contents.class_names) == ("regression", ())
    assert contents.y.dtype == np.float64
    with pytest.raises(DataError, match=r"has 3 classes: data.answer = 'two_classes' needs exactly two"):
        read(table(text, answer="two_classes"))


def test_target_and_inputs_can_be_chosen(table):
    settled, contents = read(table(written(), target="a", inputs=("b",)))
    assert (settled.target, settled.inputs, settled.task) == ("a", ("b",), "regression")
    np.testing.assert_array_equal(contents.x[:, 0], X[:, 1])
    np.testing.assert_array_equal(contents.y, X[:, 0])


BAD_CELLS = [
    "", " ", "NA", "nan", "inf", "-Infinity", "1_000", "١٢", "1e999", "0x10", "1 2", "1e", "--1", "12a", "1,5", "1.2.3",
    "1e101", "\x00", "True",
]  # fmt: skip


@pytest.mark.parametrize("cell", BAD_CELLS)
@pytest.mark.parametrize("line", [3, 900])
def test_a_cell_that_is_no_number_is_refused_with_line_and_column_or_its_row_dropped(table, cell, line):
    lines = [f"{i};{i * 0.5};{'odd' if i % 2 else 'even'}" for i in range(1000)]
    lines[line - 2] = f"{line - 2};{cell};even"
    text = "left;right;kind\n" + "\n".join(lines) + "\n"
    choices = {"separator": "semicolon", "decimal": "point", "header": "yes", "inputs": ("left", "right")}
    with pytest.raises(DataError) as caught:
        read(table(text, **choices))
    if cell == "\x00":
        assert "is not a text file" in str(caught.value)
        return
    assert str(caught.value).startswith(f"table.csv: line {line}, column 'right'")
    assert "\n" not in str(caught.value)
    _, contents = read(table(text, missing="drop", **choices))
    assert contents.dropped == 1
    assert len(contents.x) == 999
    assert line - 2 not in contents.x[:, 0]
    assert contents.class_names == ("even", "odd")


def test_rows_that_are_too_long_or_too_short_are_refused_and_empty_lines_pass(table):
    good = "a,b,t\n" + "1,2,x\n3,4,y\n\n5,6,x\n,,\n7,8,y\n"
    assert len(read(table(good))[1].x) == 4
    with pytest.raises(DataError, match=r"table.csv: line 7 has 4 cells: the table has 3 columns"):
        read(table(good.replace("7,8,y", "7,8,y,9")))
    with pytest.raises(DataError, match="line 8, column 't': the class is missing"):
        read(table(good + "9,9\n"))
    assert len(read(table(good + "9,9,x,,\n"))[1].x) == 5


def test_quoted_cells_may_hold_separators_quotes_and_lines(table):
    text = 'a,note,"the ""kind"""\n1,"x, y",in\n2,"two\nlines",out\n3,"a ""q""",in\n4,,out\nbad,,in\n'
    with pytest.raises(DataError, match="line 7, column 'a': 'bad' is not a number"):
        read(table(text, target='the "kind"'))
    settled, contents = read(table(text, target='the "kind"', missing="drop"))
    assert settled.inputs == ("a",)
    assert (contents.dropped, contents.target_name) == (1, 'the "kind"')
    np.testing.assert_array_equal(contents.x[:, 0], [1, 2, 3, 4])


def test_text_that_is_no_csv_is_refused(table):
    long = "x" * 140_000
    cases = [
        ("", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a text file"),
        ("just words\nand more\n", "one column only"),
        ("a,b\n1,2\n", "has 1 usable rows: at least 4 are needed"),
        ("a,b\n" + "1,2\n" * 5, "has only the value"),
        (f'a,b\n1,2\n"{long},4\n' + "1,2\n" * 9, "open quote, or a cell of more than"),
        ("a,b\n" + "1,2\n" * 9 + "1," * 600_000, "has more than 1000000 characters"),
        ("a,t\n" + "".join(f"{i},w{i}\n" for i in range(MOST_CLASSES + 1)), "has more than 64 different values"),
        ("a,t\n" + "".join(f"w{i},v{i % 2}\n" for i in range(9)), "has no column of numbers"),
        (",".join(f"c{i}" for i in range(5000)) + "\n" + "1," * 4999 + "1\n", "has 5000 columns: at most 4097"),
    ]
    for text, sentence in cases:
        with pytest.raises(DataError) as caught:
            read(table(text))
        assert sentence in str(caught.value)
        assert "\n" not in str(caught.value)


def test_text_that_stops_being_utf8_later_is_refused_with_its_line(table):
    body = b"a,t,note\n" + b"".join(b"%d,%d,fine\n" % (i, i % 3) for i in range(120_000)) + b"1,2,\xff\n"
    with pytest.raises(DataError, match=r"near line \d+ the text is not UTF-8"):
        read(table(body))


def test_unknown_columns_are_refused_with_the_known_ones(table):
    with pytest.raises(DataError, match="has no column 'colour': it has 'a', 'b', 'kind'"):
        read(table(written(), target="colour"))
    with pytest.raises(DataError, match="'a' is both the target and an input"):
        read(table(written(), target="a", inputs=("a", "b")))


def test_the_quick_way_and_the_careful_way_agree(table, monkeypatch):
    rng = np.random.default_rng(4)
    lines = "".join(f"{a!r};{b:.3e};{c}\n" for a, b, c in zip(
        rng.standard_normal(700).tolist(), rng.standard_normal(700), rng.integers(0, 4, 700), strict=True
    )).replace(".", ",")  # fmt: skip
    source = table("a;b;t\n" + lines)
    quick = read(source)[1]
    monkeypatch.setattr(csvread._Table, "_quick", lambda self, rows: None)
    # Another choice of the same columns, so that nothing is taken from the shelf.
    careful = read(source.evolve(missing="drop"))[1]
    np.testing.assert_array_equal(quick.x, careful.x)
    np.testing.assert_array_equal(quick.y, careful.y)
    assert careful.dropped == 0


def test_numbers_are_read_to_the_last_bit(table):
    values = np.random.default_rng(0).standard_normal(500) * 10.0 ** np.random.default_rng(1).integers(-90, 90, 500)
    contents = read(table("a,t\n" + "".join(f"{v!r},{i}.5\n" for i, v in enumerate(values.tolist()))))[1]
    np.testing.assert_array_equal(contents.x[:, 0], values)


def test_a_constant_column_is_standardised_to_zero(table):
    dataset = table("a,c,t\n" + "".join(f"{i},0.1,{i % 2}\n" for i in range(40))).load()
    assert not dataset.x_train[:, 1].any()
    assert not dataset.x_test[:, 1].any()
    assert dataset.x_train[:, 0].std() == pytest.approx(1.0, abs=1e-6)


def test_an_enormous_value_leaves_finite_numbers(table):
    for big in ("1e99", "-1e99", "1e-320"):
        dataset = table(f"a,t\n{big},1\n" + "".join(f"{i},{i % 2}\n" for i in range(40))).load()
        for array in (dataset.x_train, dataset.x_test):
            assert np.isfinite(array.astype(np.float32) ** 2).all()


def test_reading_reports_and_can_be_cancelled(table):
    seen = []

    class Watcher(Ticket):
        def report(self, done):
            seen.append(done)
            self.cancelled = len(seen) == 9
            super().report(done)

    source = table("a,t\n" + "".join(f"{i},{i % 2}\n" for i in range(20_000)))
    with pytest.raises(Cancelled):
        source.settle(Watcher())
    assert seen == sorted(seen)
    assert len(seen) == 9
    assert all(0 <= done <= 1 for done in seen)


def test_what_the_first_rows_show(table):
    source = table(written(";", ","))
    seen = sketch(Path(source.path))
    assert (seen.layout.separator, seen.layout.decimal, seen.layout.header) == ("semicolon", "comma", True)
    assert seen.names == ("a", "b", "kind")
    assert [column.kind for column in seen.columns] == ["number", "number", "text"]
    assert guess_target(seen.columns) == "kind"
    assert guess_answer(seen.columns[2]) == "classes"
    assert len(seen.rows) == 5


def test_names_are_unique_and_on_one_line():
    assert unique_names(["a", "a", "", "b\n c\x07"], 5) == ("a", "a (2)", "column 3", "b c", "column 5")
    assert len(set(unique_names(["a (2)", "a", "a"], 3))) == 3


def test_a_long_cell_of_digits_is_judged_quickly():
    assert not is_number("1" * 130_000 + "x", "point")
    assert is_number("1" * 130_000, "comma")


@pytest.mark.parametrize(
    ("head", "row", "target"),
    [
        ("x,y,kind", "1,2,a", "kind"),
        ("x,y", "1,2", "y"),
        ("Species,island,mass,sex", "a,b,3,c", "Species"),
        ("label,x,y", "1,2,3", "y"),
        ("island,mass,sex", "a,1,c", "sex"),
    ],
)
def test_the_target_is_guessed_by_kind_then_by_name_then_by_place(tmp_path, head, row, target):
    path = tmp_path / "t.csv"
    path.write_text(head + "\n" + (row + "\n") * 5, encoding="utf-8")
    assert guess_target(sketch(path).columns) == target
