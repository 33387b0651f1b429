"""Files of data for the tests of the window: invented measurements of three kinds of birds, and larger tables."""

import random

KINDS = {"Adelie": (38.8, 18.3, 190, 3700), "Chinstrap": (48.8, 18.4, 196, 3730), "Gentoo": (47.5, 15.0, 217, 5080)}
HEADER = "species;island;bill length;bill depth;flipper;mass"


def birds(path, rows=120, missing=(), text=()):
    """Write a table with semicolons and decimal commas; `missing` and `text`: rows (from 0) with a bad bill depth."""
    dice = random.Random(7)
    lines = [HEADER]
    for row in range(rows):
        kind = list(KINDS)[row % 3]
        long, deep, flipper, mass = (dice.gauss(mean, mean * 0.05) for mean in KINDS[kind])
        depth = "NA" if row in missing else "deep" if row in text else f"{deep:.1f}".replace(".", ",")
        cells = (kind, dice.choice("xyz"), f"{long:.1f}".replace(".", ","), depth, f"{flipper:.0f}", f"{mass:.0f}")
        lines.append(";".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def numbers(path, rows, columns=8):
    """Write a table of numbers and a last column of two classes, as large as asked for."""
    dice = random.Random(3)
    block = [
        ",".join([*(f"{dice.gauss(0, 1):.4f}" for _ in range(columns)), "yes" if dice.random() < 0.5 else "no"])
        for _ in range(min(rows, 1000))
    ]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([*(f"c{i}" for i in range(columns)), "answer"]) + "\n")
        for start in range(0, rows, len(block)):
            file.write("\n".join(block[: rows - start]) + "\n")
    return path
