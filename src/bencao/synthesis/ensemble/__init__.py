"""Several one-step models as one: their candidates together, ranked anew by what the reactants look like."""

from bencao.synthesis.ensemble.proposer import FAST, FULL, EnsembleProposer, cards_of, load_ensemble, load_model

__all__ = ["FAST", "FULL", "EnsembleProposer", "cards_of", "load_ensemble", "load_model"]
