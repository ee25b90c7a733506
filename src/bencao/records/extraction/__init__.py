"""Entities in notes: what they are, whether they hold, when, and with what values."""
