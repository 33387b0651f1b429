"""Kinds of hidden layer: what stands between a layer's weights and what it passes on.

`norm` is the layer's normalisation in the kernel (kernel_plan.py); a layer that `skips` adds its input to its output
wherever both are equally wide.
"""

from typing import Annotated, ClassVar

from reluviz.core.catalog import Catalog
from reluviz.core.kernel_plan import BATCH_NORM, LAYER_NORM, NO_NORM
from reluviz.core.param import Described, Toggle

Skip = Annotated[
    bool,
    Toggle("Residual", "Adds the layer's input to its output wherever both are equally wide (He et al. 2016)."),
]


class Layer(Described, frozen=True, tag_field="name"):
    """What every kind of layer tells of itself."""

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    norm: ClassVar[int] = NO_NORM

    @property
    def skips(self) -> bool:
        """Whether the layer adds its input to its output."""
        return bool(getattr(self, "residual", False))


class Dense(Layer, frozen=True, tag="dense"):
    """Every neuron sees all outputs of the layer below: weights, a bias, the activation."""

    key: ClassVar[str] = "dense"
    title: ClassVar[str] = "Dense"
    formula: ClassVar[str] = "a = f(W x + b)"


class BatchNorm(Layer, frozen=True, tag="batch_norm"):
    """Gives every neuron's sums mean 0 and variance 1 over the batch before f, then learns both (Ioffe & Szegedy 2015).

    Evaluation uses running means, so that a prediction does not depend on its neighbours.
    """

    key: ClassVar[str] = "batch_norm"
    title: ClassVar[str] = "Batch normalisation"
    formula: ClassVar[str] = "a = f(γ norm(W x + b) + β), norm over the batch"
    norm: ClassVar[int] = BATCH_NORM
    residual: Skip = False


class LayerNorm(Layer, frozen=True, tag="layer_norm"):
    """Gives every sample's sums mean 0 and variance 1 over the layer before f, then learns both (Ba et al. 2016)."""

    key: ClassVar[str] = "layer_norm"
    title: ClassVar[str] = "Layer normalisation"
    formula: ClassVar[str] = "a = f(γ norm(W x + b) + β), norm over the layer"
    norm: ClassVar[int] = LAYER_NORM
    residual: Skip = False


class Residual(Layer, frozen=True, tag="residual"):
    """Adds the layer's input to its output, so that gradients have a way round every activation (He et al. 2016)."""

    key: ClassVar[str] = "residual"
    title: ClassVar[str] = "Residual"
    formula: ClassVar[str] = "a = x + f(W x + b)"

    @property
    def skips(self) -> bool:
        return True


LAYERS: Catalog[type[Layer]] = Catalog("kind of layer", Dense, BatchNorm, LayerNorm, Residual)
