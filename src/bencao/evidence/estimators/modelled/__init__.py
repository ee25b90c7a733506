"""Estimators that rest on a model of treatment, of outcome, or of both."""
