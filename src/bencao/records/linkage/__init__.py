"""Find the same patient in several hospitals, and bring their records together so that it can be undone."""
