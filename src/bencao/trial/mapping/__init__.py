"""Mapping help: proposes SDTM variables for the columns of raw data; a person confirms."""

from bencao.trial.mapping.model import Mapper, Proposal, Suggestion, load_mapper, suggest
from bencao.trial.mapping.review import read_labels, review_table

__all__ = ["Mapper", "Proposal", "Suggestion", "load_mapper", "read_labels", "review_table", "suggest"]
