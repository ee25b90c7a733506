"""One value of one data element in a report: what readers give, writers take and rules judge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A data element with a value or a null flavour, at its place among the repeats.

    Attributes
    ----------
    element : str
        Data element number of the ICH E2B(R3) implementation guide, e.g. ``C.1.3``, ``E.i.2.1b`` or ``G.k.9.i.2.r.1``;
        of FDA's regional ones with their prefix, ``FDA.C.1.12``. Batch and message count too (``N.1.1``).
    repeats : tuple of int
        Which repeat it stands in, from 1, one number for each repeating part of the element's number from the outside
        in: ``G.k.9.i.2.r.1`` has three (k, i, r).
    value : str
        As the message writes it; empty where it has a null flavour instead.
    null_flavor : str
        HL7 null flavour (``NI``, ``MSK``, ``UNK``, ``NA``, ``ASKU``, ``NASK``, ``NINF``, ``PINF``, ``OTH``), or empty.
    """

    element: str
    repeats: tuple[int, ...] = ()
    value: str = ""
    null_flavor: str = ""
