"""The table of data sets: two classes in the plane, surfaces, curves, and real tables."""

from reluviz.core.catalog import Catalog
from reluviz.core.datasource import Dataset, DataSource
from reluviz.core.real import BreastCancer, Diabetes, Digits, Iris, Wine
from reluviz.core.synthetic import (
    XOR,
    Abs,
    Circles,
    Gaussians,
    Moons,
    MultiGaussian,
    Plane,
    Sine,
    Spiral,
    Step,
    XSin5X,
)

DATASETS: Catalog[type[DataSource]] = Catalog(
    "data set",
    Circles,
    XOR,
    Gaussians,
    Spiral,
    Moons,
    Plane,
    MultiGaussian,
    Sine,
    Abs,
    Step,
    XSin5X,
    Digits,
    Iris,
    Wine,
    BreastCancer,
    Diabetes,
)

__all__ = [
    "DATASETS",
    "XOR",
    "Abs",
    "BreastCancer",
    "Circles",
    "DataSource",
    "Dataset",
    "Diabetes",
    "Digits",
    "Gaussians",
    "Iris",
    "Moons",
    "MultiGaussian",
    "Plane",
    "Sine",
    "Spiral",
    "Step",
    "Wine",
    "XSin5X",
]
