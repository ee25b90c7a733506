"""Estimators of an effect behind one interface, each with its variance."""
