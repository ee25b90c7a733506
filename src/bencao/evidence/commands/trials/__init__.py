"""Verbs about a trial and a hospital: transport its effect, borrow controls, watch afterwards."""
