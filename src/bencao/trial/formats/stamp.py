"""The moment that files say they were made at."""

from datetime import datetime

# The beginning of SAS's calendar, for a true time would make other bytes of the same data in every run.
CREATED = datetime(1960, 1, 1)
