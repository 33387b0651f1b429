"""Spectral norms of many matrices that change a little from look to look: always bounds from above, mostly exact."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
# Matrices whose shorter side is at most this are decomposed; for larger ones Lanczos steps are cheaper.
MOST_EXACT = 128
LANCZOS_STEPS = 32
# A norm is computed anew when its bound has grown by this share, and so many multiplications are spent at one look.
DRIFT = 1e-3
WORK = 4_000_000


class SpectralNorms:
    """The norms of a list of matrices, remembered.

    ‖W‖₂ <= ‖V‖₂ + ‖W - V‖_F (Weyl 1912), so that the norm of an earlier V bounds that of W while they differ little.
    """

    def __init__(self) -> None:
        self._known: list[tuple[Array, float]] = []

    def bounds(self, matrices: list[Array]) -> Array:
        """A bound of ‖W‖₂ for each matrix, float64: the norm itself, unless it would take long to compute all anew.

        NaN for a matrix that is not finite.
        """
        known = self._known
        few = sum(work(matrix) for matrix in matrices) <= WORK
        if few or [old.shape for old, _ in known] != [new.shape for new in matrices]:
            self._known = [(new, spectral_norm(new)) for new in matrices]
            return np.array([norm for _, norm in self._known])
        with np.errstate(all="ignore"):
            drifts = np.array([np.linalg.norm(new - old) for new, (old, _) in zip(matrices, known, strict=True)])
            norms = np.array([norm for _, norm in known])
            share = np.nan_to_num(drifts / norms, nan=np.inf)
        spent = 0
        for place in np.argsort(-share):
            if spent > WORK or share[place] <= DRIFT:
                break
            known[place] = (matrices[place], spectral_norm(matrices[place]))
            norms[place], drifts[place] = known[place][1], 0.0
            spent += work(matrices[place])
        return norms + drifts


def work(matrix: Array) -> int:
    """About how many multiplications the norm of a matrix takes."""
    return matrix.size * min(*matrix.shape, 2 * LANCZOS_STEPS)


def spectral_norm(matrix: Array) -> float:
    """‖W‖₂, the largest singular value; NaN for a matrix that is not finite."""
    if not np.isfinite(matrix).all():
        return float("nan")
    if min(matrix.shape) <= MOST_EXACT:
        return float(np.linalg.svd(matrix, compute_uv=False)[0])
    return _lanczos(matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T)


def _lanczos(matrix: Array) -> float:
    """The root of the largest eigenvalue of WᵀW, with the residual on top: it errs upwards (Lanczos 1950)."""
    vector = np.cos(np.arange(matrix.shape[1]))
    basis = np.zeros((LANCZOS_STEPS, len(vector)))
    small = np.zeros((LANCZOS_STEPS, LANCZOS_STEPS))
    length, steps = float(np.linalg.norm(vector)), 0
    while steps < LANCZOS_STEPS and length > 0:
        basis[steps] = vector / length
        vector = matrix.T @ (matrix @ basis[steps])
        # Twice is enough to stay orthogonal in floating point (Parlett 1980).
        for _ in range(2):
            along = basis[: steps + 1] @ vector
            small[steps, : steps + 1] += along
            vector = vector - along @ basis[: steps + 1]
        length, steps = float(np.linalg.norm(vector)), steps + 1
    values, vectors = np.linalg.eigh(small[:steps, :steps])
    return float(np.sqrt(max(values[-1], 0.0) + length * abs(vectors[-1, -1])))
