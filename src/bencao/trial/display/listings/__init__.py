"""Declared listings: records in order, page by page."""

from bencao.trial.display.listings.declaration import Listing, ListingColumn, PageBy

__all__ = ["Listing", "ListingColumn", "PageBy"]
