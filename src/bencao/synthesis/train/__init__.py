"""Learn a one-step model from a company's own reactions (extra ``bencao[train]``)."""

from bencao.synthesis.train.pipeline import Source, TrainingSettings, train

__all__ = ["Source", "TrainingSettings", "train"]
