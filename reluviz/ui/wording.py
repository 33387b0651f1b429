"""Words for values and changes: what an undo step, a tooltip or the status line says. No Qt."""

from typing import Any

from reluviz.core.param import Choice, Entries, Entry, Integer, Kind, Number, Text, Toggle, Widths, parameters
from reluviz.core.settings import Run, Settings
from reluviz.core.surgery import (
    ALL,
    BIAS,
    LAYER_EDITS,
    AddNoise,
    Freeze,
    Kill,
    ScaleWeights,
    SetParameter,
    ShiftBiases,
    SpikeRate,
    Undo,
)  # fmt: skip

THIN = "\u202f"
ARROW = " → "
# A longer text, such as a typed formula, is shortened in a sentence.
MOST_LETTERS = 40
# What follows from a file by itself is no change that a person made.
UNTOLD = frozenset({"sha256"})


def spaced(number: int) -> str:
    """A whole number with thin spaces between the thousands."""
    return f"{number:,}".replace(",", THIN)


def number_text(value: float, decimals: int = 6) -> str:
    """A number as short as it can be: at most `decimals` after the point, powers of ten when tiny."""
    if value != 0 and abs(value) < 1e-4:
        return f"{value:.3g}"
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    return text or "0"


def value_text(kind: Kind, value: Any) -> str:
    """A value in words."""
    if value is None:
        return "off"
    match kind:
        case Number():
            return number_text(value, kind.decimals)
        case Integer():
            return str(value)
        case Widths():
            return ", ".join(str(width) for width in value)
        case Toggle():
            return "on" if value else "off"
        case Choice():
            return choice_label(kind, value)
        case Entry():
            return _name(value)
        case Text():
            return value if len(value) <= MOST_LETTERS else value[: MOST_LETTERS - 1] + "…"
        case _:
            return str(value)


def choice_label(kind: Choice, option: str) -> str:
    """What a choice calls one of its options."""
    if kind.labels:
        return kind.labels[kind.options.index(option)]
    return option.replace("_", " ").capitalize()


def lowered(title: str) -> str:
    """A title inside a sentence: `Learning rate` becomes `learning rate`, `L1` and `ReLU` stay."""
    return title[0].lower() + title[1:] if len(title) > 1 and title[1].islower() else title


def about(entry: Any) -> str:
    """What an entry of a table says about itself, as one line."""
    return " ".join((entry.__doc__ or "").split())


def tooltip(kind: Kind, default: Any, restarts: bool) -> str:
    """Help, allowed range, default, and whether a change starts the runs over."""
    lines = [kind.help]
    if not isinstance(kind, (Entry, Toggle, Choice)):
        lines.append(f"Allowed: {kind.allowed}.")
    if isinstance(default, (int, float, str, tuple)) or default is None:
        lines.append(f"Default: {value_text(kind, default)}.")
    lines.append("A change restarts the runs." if restarts else "A change applies at once, without a restart.")
    return "\n".join(lines)


def describe_change(before: Settings, after: Settings) -> str:
    """What changed between two settings, for the undo menu: `learning rate 0.03 → 0.1`."""
    found = _entry_change("data set", before.data, after.data)
    found += _fields(before.network, after.network)
    found += _fields(before.training, after.training)
    found += _runs(before, after)
    if len(found) > 2:
        return ", ".join(found[:2]) + " and more"
    return ", ".join(found) or "settings"


def _runs(before: Settings, after: Settings) -> list[str]:
    if len(after.runs) > len(before.runs):
        new = next(run for run in after.runs if run not in before.runs)
        return [f"add {_name(new.activation)}"]
    if len(after.runs) < len(before.runs):
        gone = next(run for run in before.runs if run not in after.runs)
        return [f"remove {_name(gone.activation)}"]
    found = []
    for old, new in zip(before.runs, after.runs, strict=True):
        changes = _fields(old, new) + _layers(old, new)
        found += [_with_owner(_name(old.activation), text) for text in changes]
    return found


def _layers(before: Run, after: Run) -> list[str]:
    """What changed in layers that have an activation of their own, apart from the run's."""
    found = []
    for layer in range(max(len(before.layer_activations), len(after.layer_activations))):
        old, new = before.activation_of(layer), after.activation_of(layer)
        if old != before.activation or new != after.activation:
            found += [f"layer {layer + 1}: {text}" for text in _entry_change("activation", old, new)]
    return found


def _with_owner(owner: str, text: str) -> str:
    return text if text.startswith("activation ") else f"{owner}: {text}"


def _fields(before: Any, after: Any) -> list[str]:
    found: list[str] = []
    for parameter in parameters(type(before)):  # type: ignore[arg-type]
        old, new = getattr(before, parameter.name), getattr(after, parameter.name)
        title = lowered(parameter.kind.title)
        if isinstance(parameter.kind, Entry):
            found += _entry_change(title, old, new)
        elif isinstance(parameter.kind, Entries):
            # Told by layer, see _layers.
            continue
        elif old != new and isinstance(old, tuple) and not isinstance(parameter.kind, Widths):
            found.append(_names_change(title, old, new))
        elif old != new and parameter.name not in UNTOLD:
            found.append(f"{title} {value_text(parameter.kind, old)}{ARROW}{value_text(parameter.kind, new)}")
    return found


def _names_change(title: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    """Long lists of names are told by their length."""
    return f"{title} {len(old)}{ARROW}{len(new)}" if len(old) != len(new) else f"other {title}"


def _entry_change(title: str, before: Any, after: Any) -> list[str]:
    if type(before) is not type(after) or getattr(before, "path", "") != getattr(after, "path", ""):
        return [f"{title} {_name(before)}{ARROW}{_name(after)}"]
    old, new = getattr(before, "target", ""), getattr(after, "target", "")
    # Another target brings other inputs and another meaning along.
    return [f"target {old}{ARROW}{new}"] if old != new else _fields(before, after) + _constants(before, after)


def _constants(before: Any, after: Any) -> list[str]:
    """What changed in the parameters that a typed formula has of its own."""
    old = {constant.name: constant for constant in getattr(before, "constants", ())}
    found = []
    for constant in getattr(after, "constants", ()):
        was = old.get(constant.name, constant)
        if was.value != constant.value:
            found.append(f"{constant.name} {number_text(was.value)}{ARROW}{number_text(constant.value)}")
        elif was != constant:
            found.append(f"range of {constant.name}")
    return found


def _name(entry: Any) -> str:
    """A file is called by its name, a typed formula by its text, everything else by its title."""
    return str(getattr(entry, "label", getattr(entry, "caption", entry.title)))


def describe_edit(edit: Any) -> str:
    """An edit of a running network, for the undo stack and the marks of the time bar."""
    return _edit_words(edit).replace("-", "\u2212")


def _edit_words(edit: Any) -> str:
    if isinstance(edit, SpikeRate):
        return f"rate \u00d7 {edit.factor:g} for {edit.steps} steps"
    if isinstance(edit, Undo):
        return "take an edit back"
    if isinstance(edit, LAYER_EDITS):
        return _layer_words(edit)
    where = f"neuron {edit.unit + 1} of layer {edit.layer + 1}"
    match edit:
        case SetParameter():
            what = "the bias" if edit.source == BIAS else f"weight {edit.source + 1}"
            return f"set {what} of {where} to {edit.value:.4g}"
        case Freeze():
            return f"{'freeze' if edit.frozen else 'let go of'} {where}"
        case Kill():
            return f"kill {where}"
    return f"revive {where}"


def _layer_words(edit: Any) -> str:
    where = "all layers" if edit.layer == ALL else f"layer {edit.layer + 1}"
    match edit:
        case ShiftBiases():
            return f"shift the biases of {where} by {edit.amount:g}"
        case ScaleWeights():
            return f"weights of {where} \u00d7 {edit.factor:g}"
        case AddNoise():
            return f"noise on the weights of {where}, {edit.size:g} of their size"
    return f"draw the weights of {where} anew"
