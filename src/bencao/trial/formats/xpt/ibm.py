"""Numbers as IBM mainframes hold them: base 16, 7 bits of exponent, 56 of fraction (SAS TS-140)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

# A missing value is '.', '._' or '.A' to '.Z': its letter in ASCII, then zeros.
_MISSING = np.zeros(256, dtype=bool)
_MISSING[[0x2E, 0x5F, *range(0x41, 0x5B)]] = True

# 16^-65 and 16^63: what is smaller than the one, or not smaller than the other, has no exponent.
SMALLEST, TOO_LARGE = 2.0**-260, 2.0**252


def to_ibm(values: Doubles) -> Bytes:
    """Encode doubles.

    Parameters
    ----------
    values : array of float64, shape (n,)
        NaN stands for a missing value. Any other is zero or of a size in [`SMALLEST`, `TOO_LARGE`): then no digit
        is lost, as 56 bits less the three that a base of 16 may leave empty are the 53 of a double.

    Returns
    -------
    array of uint8, shape (n, 8)

    Examples
    --------
    >>> to_ibm(np.array([1.0, -2.5])).tobytes().hex()
    '4110000000000000c128000000000000'
    """
    missing = np.isnan(values)
    fraction, exponent = np.frexp(np.where(missing, 0.0, np.abs(values)))
    base16 = -(-exponent // 4)
    shift = (4 * base16 - exponent).astype(np.uint64)
    mantissa = (np.ldexp(fraction, 53).astype(np.uint64) << np.uint64(3)) >> shift
    biased = np.where(mantissa == 0, 0, base16 + 64).astype(np.uint64)
    sign = np.signbit(values) & ~missing
    words = (sign.astype(np.uint64) << np.uint64(63)) | (biased << np.uint64(56)) | mantissa
    words[missing] = np.uint64(0x2E << 56)
    coded: Bytes = words.astype(">u8").view(np.uint8).reshape(-1, 8)
    return coded


def from_ibm(raw: Bytes) -> Doubles:
    """Decode numbers of any length that SAS may have cut them to.

    Parameters
    ----------
    raw : array of uint8, shape (n, length)
        `length` is 2 to 8; the bytes cut off were zeros.

    Returns
    -------
    array of float64, shape (n,)
        A missing value of any kind is NaN.
    """
    full = np.zeros((raw.shape[0], 8), dtype=np.uint8)
    full[:, : raw.shape[1]] = raw
    words = full.view(">u8").reshape(-1).astype(np.uint64)
    mantissa = words & np.uint64((1 << 56) - 1)
    exponent = ((words >> np.uint64(56)) & np.uint64(0x7F)).astype(np.int64)
    values = np.ldexp(mantissa.astype(np.float64), 4 * (exponent - 64) - 56)
    values = np.where(full[:, 0] >= 0x80, -values, values)
    values[(mantissa == 0) & _MISSING[full[:, 0]]] = np.nan
    return values
