"""The 121 rejection and warning rules of FDA, by id."""

from bencao.safety.validation.fda import clinical, drug, message, patient

RULES = (*message.RULES, *patient.RULES, *clinical.RULES, *drug.RULES)
