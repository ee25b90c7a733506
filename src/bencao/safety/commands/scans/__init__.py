"""The verbs that scan many reports: over time, over a hierarchy, and for what masks what."""
