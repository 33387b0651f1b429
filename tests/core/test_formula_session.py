"""A typed formula through a session file: written, read back, and refused with the key and the reason."""

from typing import Annotated, Union

import pytest

from reluviz.core.activations import ReLU
from reluviz.core.formula import Constant, Formula
from reluviz.core.param import Described, Entry
from reluviz.core.sessionfile import SessionError, read_document, write_document

Either = Union[ReLU, Formula]


class Holder(Described, frozen=True):
    """What a run is in a session."""

    activation: Annotated[Either, Entry("Activation", "activation", "")] = ReLU()


class Lab(Described, frozen=True):
    """What a session is."""

    format: int = 1
    runs: tuple[Holder, ...] = ()


def test_a_formula_survives_a_session():
    formula = Formula("x*sigmoid(b*x)", (Constant("b", 1.5, 0.0, 5.0),))
    lab = Lab(runs=(Holder(formula), Holder(Formula()), Holder()))
    assert read_document(write_document(lab), Lab) == lab


@pytest.mark.parametrize(
    ("activation", "formula"),
    [
        ('"formula"', Formula()),
        ('{ name = "formula", expression = "x*sigmoid(b*x)" }', Formula("x*sigmoid(b*x)")),
        (
            '{ name = "formula", expression = "x*sigmoid(b*x)", '
            'constants = [{ name = "b", value = 1.5, low = 0.0, high = 5.0 }] }',
            Formula("x*sigmoid(b*x)", (Constant("b", 1.5, 0.0, 5.0),)),
        ),
        (
            '{ name = "formula", expression = "a*x + b", constants = [{ name = "b", value = 2 }] }',
            Formula("a*x + b", (Constant("a"), Constant("b", 2.0))),
        ),
    ],
)
def test_a_session_names_a_formula(activation, formula):
    lab = read_document(f"format = 1\n[[runs]]\nactivation = {activation}\n", Lab)
    assert lab.runs[0].activation == formula


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('expression = "x^2"', "runs[0].activation.expression = 'x^2' is not allowed: at column 2, ^ is not allowed"),
        ('expression = "9**9**9"', "runs[0].activation.expression = '9**9**9' is not allowed: 9^(9⁹) is not a number"),
        ("expression = 3", "runs[0].activation.expression = 3 is not allowed: it must be a text of one line"),
        ('expression = "x", constants = [{ name = "b" }]', "runs[0].activation.constants: 'b' is not a parameter"),
        ('expression = "b*x", constants = [{ name = "b", value = 9 }]', "it must lie from low = -5.0 to high = 5.0"),
        ('expresion = "x"', "runs[0].activation.expresion = 'x' is not a known key: allowed here are expression"),
    ],
)
def test_a_wrong_formula_in_a_session_is_a_sentence(fields, words):
    with pytest.raises(SessionError) as caught:
        read_document(f'format = 1\n[[runs]]\nactivation = {{ name = "formula", {fields} }}\n', Lab)
    assert words in str(caught.value)
