"""Draw every view on a lab that makes its point, in both themes: `.venv/bin/python packaging/gallery.py`.

The pictures and the page that shows them go to packaging/screenshots/views; sessions are written there too, so that
`reluviz figure SESSION --steps N --view KEY -o FILE` draws the same picture again.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reluviz.core.activations import Identity, ReLU, Sigmoid, Tanh
from reluviz.core.datasets import Sine
from reluviz.core.initializers import GlorotNormal, HeNormal
from reluviz.core.settings import Network, Run, Settings, Training
from reluviz.core.surgery import ShiftBiases
from reluviz.core.trainer import Trainer
from reluviz.ui.export import Look
from reluviz.ui.export_size import parse_size
from reluviz.ui.figures import needs, write_figure
from reluviz.ui.theme import THEMES
from reluviz.ui.views import VIEWS

FOLDER = Path(__file__).parent / "screenshots" / "views"
SIZE, DPI = "960x640px", 96.0

SIGMOID = Run(activation=Sigmoid(), initializer=GlorotNormal(), color=0)
RELU = Run(activation=ReLU(), initializer=HeNormal(), color=1)
TANH = Run(activation=Tanh(), initializer=GlorotNormal(), color=2)
FIRST = Settings()
DEEP = Settings(network=Network(hidden=(12,) * 8), runs=(SIGMOID, RELU))
DEEP_TANH = Settings(network=Network(hidden=(12,) * 6), runs=(TANH, RELU))
SMALL = Settings(network=Network(hidden=(5, 4)), runs=(RELU, SIGMOID.evolve(color=0)))
KILLED = Settings(
    network=Network(hidden=(10, 10, 10)),
    runs=(RELU, TANH),
    record=(ShiftBiases(run=0, layer=1, amount=-6.0, step=600, number=1),),
)
LINES = Settings(network=Network(hidden=(10, 8)), runs=(RELU,))
LINEAR = Settings(
    data=Sine(),
    network=Network(hidden=(8, 8)),
    training=Training(learning_rate=0.05),
    runs=(Run(activation=Identity(), color=3), RELU),
)


@dataclass(frozen=True)
class Picture:
    """One view: the lab and the steps that make its point, what is chosen in it, and the point in words."""

    name: str
    settings: Settings
    steps: int
    point: str
    options: dict[str, Any] = field(default_factory=dict)


PICTURES = {
    "activation_curve": Picture("first", FIRST, 0, "The sigmoid is flat on both sides; ReLU is flat on one only."),
    "derivative": Picture("first", FIRST, 0, "A sigmoid passes a quarter at most, an active ReLU all."),
    "loss": Picture("first", FIRST, 4000, "Same data, same draws, same batches: ReLU learns, sigmoid waits."),
    "decision_map": Picture("first", FIRST, 4000, "What each network answers everywhere on the plane."),
    "neuron_activity": Picture("first", FIRST, 4000, "ReLU's neurons cut the plane; sigmoid's hardly vary."),
    "diagnosis": Picture("deep", DEEP, 3000, "What goes wrong in which run, each with its number and a remedy."),
    "health": Picture("killed", KILLED, 2000, "A layer was shifted below zero at step 600: who died, and of what."),
    "network_diagram": Picture("small", SMALL, 1500, "Every neuron and weight, and one neuron's formula in numbers.",
                               {"neuron": 6, "sample": 3}),
    "update_phases": Picture("small", SMALL, 300, "The way back of one sample's loss, before the step is made.",
                             {"phase": 2, "node": [1, 2]}),
    "preactivation": Picture("deep", DEEP, 3000, "Where the neurons stand on their curve."),
    "distributions": Picture("deep_tanh", DEEP_TANH, 3000, "How the values of every layer spread over the steps.",
                             {"layer": -1}),
    "sparsity": Picture("first", FIRST, 4000, "Exact zeros, layer by layer: what ReLU saves."),
    "chain_ledger": Picture("deep", DEEP, 3000, "One sample's gradient, layer by layer, beside its bound."),
    "linear_collapse": Picture("linear", LINEAR, 8000, "Without an activation all layers are one straight line."),
    "linear_regions": Picture("lines", LINES, 3000, "A ReLU network is flat between its exact folds."),
    "gradient_flow": Picture("deep", DEEP, 3000, "Eight layers of sigmoid lose the gradient, ReLU keeps it.",
                             {"run": -2}),
    "update_ratio": Picture("deep", DEEP, 3000, "Updates of the sigmoid's first layers are far too short."),
    "loss_landscape": Picture("first", FIRST, 2000, "The loss around each run, and the way that it has come."),
}  # fmt: skip


def main(wanted: list[str]) -> int:
    """Draw all views, or those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    snapshots: dict[tuple[str, int], Any] = {}
    for key in wanted or VIEWS:
        picture = PICTURES[key]
        (FOLDER / f"{picture.name}.reluviz").write_text(picture.settings.to_toml(), encoding="utf-8")
        place = (picture.name, picture.steps)
        if place not in snapshots or not snapshots[place].holds(needs(key)) or key == "loss_landscape":
            trainer = Trainer(picture.settings)
            trainer.train(picture.steps)
            snapshots[place] = trainer.snapshot(needs=needs(*(k for k, p in PICTURES.items() if p.name == picture.name
                                                               and k != "loss_landscape"), key))  # fmt: skip
        for theme, colors in THEMES.items():
            path = FOLDER / f"{key}-{theme}.png"
            write_figure(snapshots[place], key, path, parse_size(SIZE, DPI), Look(colors), picture.options)
            print(path.name)
    (FOLDER / "README.md").write_text(page(), encoding="utf-8")
    return 0


def page() -> str:
    """The page that shows the pictures."""
    parts = ["# Every view, on a lab that makes its point\n"]
    for key, kind in VIEWS.items():
        picture = PICTURES[key]
        command = f"reluviz figure {picture.name}.reluviz --steps {picture.steps} --view {key} -o {key}.png"
        shown = " ".join(f"![{kind.title}, {theme}]({key}-{theme}.png)" for theme in THEMES)
        parts.append(f"## {kind.title}\n\n{picture.point}\n\n{shown}\n\n`{command}`\n")
    return "\n".join(parts)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
