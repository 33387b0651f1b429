"""The table of views, in the order of the menu."""

from reluviz.core.catalog import Catalog
from reluviz.ui.views.activation_curve import ActivationCurve
from reluviz.ui.views.base import View
from reluviz.ui.views.chain_ledger import ChainLedger
from reluviz.ui.views.decision_map import DecisionMap
from reluviz.ui.views.derivative import Derivative
from reluviz.ui.views.diagnosis import Diagnosis
from reluviz.ui.views.distributions import Distributions
from reluviz.ui.views.gradient_flow import GradientFlow
from reluviz.ui.views.health import Health
from reluviz.ui.views.linear_collapse import LinearCollapse
from reluviz.ui.views.linear_regions import LinearRegions
from reluviz.ui.views.loss import Loss
from reluviz.ui.views.loss_landscape import LossLandscape
from reluviz.ui.views.network_diagram import NetworkDiagram
from reluviz.ui.views.neuron_activity import NeuronActivity
from reluviz.ui.views.preactivation import PreActivation
from reluviz.ui.views.sparsity import Sparsity
from reluviz.ui.views.update_phases import UpdatePhases
from reluviz.ui.views.update_ratio import UpdateRatio

VIEWS: Catalog[type[View]] = Catalog(
    "view",
    ActivationCurve,
    Derivative,
    Loss,
    DecisionMap,
    NeuronActivity,
    Diagnosis,
    Health,
    NetworkDiagram,
    UpdatePhases,
    PreActivation,
    Distributions,
    Sparsity,
    ChainLedger,
    LinearCollapse,
    LinearRegions,
    GradientFlow,
    UpdateRatio,
    LossLandscape,
)

__all__ = ["VIEWS", "View"]
