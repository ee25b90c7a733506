"""Line listings and summary tabulations of periodic reports: PBRER (ICH E2C(R2)) and DSUR (ICH E2F)."""

from bencao.safety.listings.choosing import chooser, vocabulary_of
from bencao.safety.listings.line import Line, line_of
from bencao.safety.listings.lock_point import Locked, Period, lock
from bencao.safety.listings.pages import Listings, counts_of, write_listings
from bencao.safety.listings.tabulation import Tabulation, Vocabulary, tabulate

__all__ = [
    "Line",
    "Listings",
    "Locked",
    "Period",
    "Tabulation",
    "Vocabulary",
    "chooser",
    "counts_of",
    "line_of",
    "lock",
    "tabulate",
    "vocabulary_of",
    "write_listings",
]
