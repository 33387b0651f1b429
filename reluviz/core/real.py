"""Real data sets: the tables that come with scikit-learn."""

from typing import ClassVar

import numpy as np

from reluviz.core.datasource import DataSource, Noise, Raw, Samples, scikit_learn


class _Real(DataSource, frozen=True):
    """A table that comes with scikit-learn; `samples` keeps at most that many, `noise` blurs the inputs."""

    loader: ClassVar[str]
    noise: Noise = 0.0

    def draw(self, rng: np.random.Generator) -> Raw:
        bunch = getattr(scikit_learn(), self.loader)()
        chosen = np.sort(rng.permutation(len(bunch.data))[: self.samples])
        x = np.asarray(bunch.data, dtype=np.float64)[chosen]
        spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
        x = x + self.noise * spread * rng.standard_normal(x.shape)
        names = tuple(str(name) for name in getattr(bunch, "feature_names", ()))
        if self.task == "regression":
            return Raw(x, bunch.target[chosen].astype(float), names, "disease progression", scale_target=True)
        classes = tuple(str(name) for name in bunch.target_names)
        image = (8, 8) if self.key == "digits" else None
        return Raw(x, bunch.target[chosen], names, "class", classes, image_shape=image)


class Digits(_Real, frozen=True, tag="digits"):
    """1797 handwritten digits, 8 × 8 grey pixels, 10 classes (Alpaydin & Kaynak 1998)."""

    key: ClassVar[str] = "digits"
    title: ClassVar[str] = "Digits"
    task: ClassVar[str] = "classes"
    loader: ClassVar[str] = "load_digits"
    samples: Samples = 1797


class Iris(_Real, frozen=True, tag="iris"):
    """150 flowers, 4 lengths, 3 species (Fisher 1936)."""

    key: ClassVar[str] = "iris"
    title: ClassVar[str] = "Iris"
    task: ClassVar[str] = "classes"
    loader: ClassVar[str] = "load_iris"
    samples: Samples = 150


class Wine(_Real, frozen=True, tag="wine"):
    """178 wines, 13 chemical measures, 3 growers (Forina et al. 1988)."""

    key: ClassVar[str] = "wine"
    title: ClassVar[str] = "Wine"
    task: ClassVar[str] = "classes"
    loader: ClassVar[str] = "load_wine"
    samples: Samples = 178


class BreastCancer(_Real, frozen=True, tag="breast_cancer"):
    """569 tumours, 30 measures of their cell nuclei, malignant or benign (Street et al. 1993)."""

    key: ClassVar[str] = "breast_cancer"
    title: ClassVar[str] = "Breast cancer"
    task: ClassVar[str] = "binary"
    loader: ClassVar[str] = "load_breast_cancer"
    samples: Samples = 569


class Diabetes(_Real, frozen=True, tag="diabetes"):
    """442 patients, 10 measures, the progression of diabetes after a year (Efron et al. 2004)."""

    key: ClassVar[str] = "diabetes"
    title: ClassVar[str] = "Diabetes"
    task: ClassVar[str] = "regression"
    loader: ClassVar[str] = "load_diabetes"
    samples: Samples = 442
