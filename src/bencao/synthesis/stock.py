"""What a route may start from: tiers of starting materials, shipped and the user's own."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from rdkit import Chem

from bencao.kernel.errors import EngineMissing, InputError
from bencao.kernel.files import sha256_of
from bencao.kernel.models import load as load_model
from bencao.synthesis.chemistry.molecule import inchikey, neutral_parent, read_table
from bencao.synthesis.chemistry.skeleton import skeleton_number
from bencao.synthesis.chemistry.template import parsed
from bencao.synthesis.route import StockEntry

DEFAULT_TIERS = ("building-block", "commodity")
SHIPPED_TIERS = ("building-block", "commodity", "paroutes", "seen")

SHIPPED_STOCK = Path(__file__).parent / "models" / "stock"
_STANDARD_KEY = re.compile(r"[A-Z]{14}-[A-Z]{8}SA-[A-Z]")
_SKELETON = 14  # letters of an InChIKey that stand for the formula and the bonds

Keys = npt.NDArray[np.bytes_]


class Tier(Protocol):
    """One list of starting materials."""

    @property
    def name(self) -> str:
        """Name of the tier, as it stands in a leaf."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of what the tier was read from."""
        ...

    @property
    def largest(self) -> float:
        """Number of heavy atoms that no listed molecule exceeds; ``inf`` where sizes are not known."""
        ...

    @property
    def graphs(self) -> frozenset[int] | None:
        """`skeleton_number` of every listed molecule; None where the molecules, or some numbers, are not known."""
        ...

    def find(self, key: str, smiles: str) -> StockEntry | None:
        """The entry of a molecule, given by InChIKey and SMILES of its neutral parent."""
        ...

    def has_skeleton(self, skeleton: str) -> bool:
        """Whether a molecule of the same formula and bonds is listed, whatever its stereo."""
        ...


@dataclass(frozen=True)
class Stock:
    """Starting materials in tiers; the first tier that lists a molecule answers.

    A molecule is looked up by the standard InChIKey of its neutral parent, so that a salt, an ionised form
    or another tautomer that InChI holds for the same finds the same entry. Where only the first block of the
    key is listed (another stereoisomer, a racemate, an isotopologue), the entry is of tier ``perhaps``, which
    does not solve a leaf.

    Attributes
    ----------
    tiers : tuple of Tier
    problems : tuple of InputError
        Rows of the user's own list that could not be used in full.

    Examples
    --------
    >>> stock = Stock.default()
    >>> stock.find("Brc1cccnc1").tier
    'building-block'
    >>> stock.find("CC(C)Cc1ccc(cc1)C(C)C(=O)OC1CCCCC1") is None
    True
    """

    tiers: tuple[Tier, ...]
    problems: tuple[InputError, ...] = ()

    @classmethod
    def default(cls) -> Stock:
        """The building blocks of the patents and the commodity chemicals."""
        return cls.shipped(DEFAULT_TIERS)

    @classmethod
    def shipped(cls, tiers: Iterable[str] = DEFAULT_TIERS) -> Stock:
        """Tiers that come with the package.

        Parameters
        ----------
        tiers : iterable of str
            Of ``building-block``, ``commodity``, ``paroutes`` and ``seen``.

        Raises
        ------
        InputError
            A tier of another name.
        ModelError
            A file of the stock that is absent or altered.
        """
        return cls(tuple(_shipped_tier(name) for name in tiers))

    @classmethod
    def from_csv(cls, path: Path) -> Stock:
        """A supplier's list, as the only tier.

        Parameters
        ----------
        path : Path
            ``.csv`` or ``.tsv`` with a column ``smiles`` or ``inchikey`` (taken at its word, and quicker to read;
            where both stand, the SMILES counts); optionally ``price``, ``supplier`` and ``id``.

        Returns
        -------
        Stock
            Rows that cannot be read are in `problems`; so is a price that is no number, whose row is entered without
            a price. Of a molecule listed twice the lower price stays.

        Raises
        ------
        InputError
            File unreadable, without such a column, or without one usable row.
        """
        tier, problems = _read_supplier(path)
        return cls((tier,), problems)

    def with_tier(self, tier: Tier) -> Stock:
        """This stock with one tier more, asked last."""
        return replace(self, tiers=(*self.tiers, tier))

    def combine(self, other: Stock) -> Stock:
        """This stock, and after it the tiers of another."""
        return Stock(self.tiers + other.tiers, self.problems + other.problems)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and SHA-256 digests of the tiers in use, for provenance."""
        return tuple((f"stock {tier.name}", tier.digest) for tier in self.tiers)

    def find(self, smiles: str) -> StockEntry | None:
        """The entry for a molecule, or None.

        Parameters
        ----------
        smiles : str
            One molecule or a salt, however it is spelt.

        Raises
        ------
        TargetError
            If it does not parse.
        """
        if self._cannot_list(smiles):
            return None
        key = inchikey(smiles)
        if not key:
            return None
        for tier in self.tiers:
            if entry := tier.find(key, smiles):
                return entry
        for tier in self.tiers:
            if tier.has_skeleton(key[:_SKELETON]):
                return StockEntry("perhaps", f"same skeleton, other stereo or isotopes, in tier {tier.name}")
        return None

    def _cannot_list(self, smiles: str) -> bool:
        """Whether no tier lists one molecule, by its size or its graph: both are much quicker to take than its key."""
        if "." in smiles or (molecule := parsed(smiles)) is None:
            return False
        if molecule.GetNumHeavyAtoms() > self._largest:
            return True
        if self._graphs is None:
            return False
        number = skeleton_number(molecule)
        return number is not None and number not in self._graphs

    @cached_property
    def _largest(self) -> float:
        return max((tier.largest for tier in self.tiers), default=0)

    @cached_property
    def _graphs(self) -> frozenset[int] | None:
        known = [tier.graphs for tier in self.tiers]
        return None if None in known else frozenset().union(*filter(None, known))


@dataclass(frozen=True)
class KeyTier:
    """A shipped tier: sorted InChIKeys with their uses.

    Attributes
    ----------
    name, digest : str
    keys : numpy.ndarray, shape (n,), dtype S23
        As `packed` writes them, ascending.
    uses : numpy.ndarray, shape (n,), dtype uint32
        Number of distinct patent reactions each molecule serves in.
    largest, graphs
        See `Tier`.
    """

    name: str
    digest: str
    keys: Keys
    uses: npt.NDArray[np.uint32]
    largest: float = math.inf
    graphs: frozenset[int] | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[str]:
        """The InChIKeys, in ascending order."""
        for key in self.keys:
            text = key.decode()
            yield f"{text[:14]}-{text[14:22]}SA-{text[22]}"

    def find(self, key: str, smiles: str) -> StockEntry | None:
        """See `Tier`."""
        if not _STANDARD_KEY.fullmatch(key):
            return None
        wanted = packed([key])[0]
        index = int(np.searchsorted(self.keys, wanted))
        if index == len(self.keys) or self.keys[index] != wanted:
            return None
        uses = int(self.uses[index])
        return StockEntry(self.name, _source(self.name, uses), uses)

    def has_skeleton(self, skeleton: str) -> bool:
        """See `Tier`."""
        index = int(np.searchsorted(self.keys, np.bytes_(skeleton)))
        return index < len(self.keys) and bool(self.keys[index].startswith(skeleton.encode()))


def packed(keys: Iterable[str]) -> Keys:
    """Standard InChIKeys without their constant characters.

    Parameters
    ----------
    keys : iterable of str

    Returns
    -------
    numpy.ndarray, dtype S23
        14 letters of skeleton, 8 of stereo and isotopes, 1 of protonation, in the order given.

    Raises
    ------
    InputError
        A key that is not a standard InChIKey.
    """
    keys = list(keys)
    for key in keys:
        if not _STANDARD_KEY.fullmatch(key):
            raise InputError(f"{key!r} is not a standard InChIKey", mend="write it as AAAAAAAAAAAAAA-BBBBBBBBSA-N")
    return np.array([key[:14] + key[15:23] + key[26] for key in keys], dtype="S23")


def _source(tier: str, uses: int) -> str:
    times = f"{uses} patent reaction{'s' if uses != 1 else ''}"
    patents = f"used as a starting material in {times}"
    if tier == "building-block":
        return patents
    if tier == "seen":
        return f"seen as a reactant in {times}, outside the building blocks"
    listed = "reviewed list of commodity chemicals" if tier == "commodity" else "PaRoutes stock n1 or n5"
    return f"{listed}; {patents}" if uses else listed


@lru_cache(maxsize=len(SHIPPED_TIERS))
def _shipped_tier(name: str) -> KeyTier:
    if name not in SHIPPED_TIERS:
        raise InputError(f"no tier {name!r} is shipped", mend=f"choose of {', '.join(SHIPPED_TIERS)}")
    return load_tier(SHIPPED_STOCK, name)


def load_tier(folder: Path, name: str) -> KeyTier:
    """Load a tier that ``training/synthesis_stock.py`` wrote, if its files are what its card says.

    Raises
    ------
    ModelError
    """
    model = load_model(folder, name)
    path = model.path(f"{name}.npz")
    digest = next(file.sha256 for file in model.card.files if file.name == path.name)
    with np.load(path) as arrays:
        graphs = frozenset(arrays["graphs"].tolist()) if "graphs" in arrays else None
        return KeyTier(name, digest, arrays["keys"], arrays["uses"], float(arrays["largest"]), graphs)


@dataclass(frozen=True)
class SupplierTier:
    """A user's own list.

    Attributes
    ----------
    name, digest : str
    entries : dict
        Stock entries by InChIKey.
    skeletons : frozenset of str
        First blocks of the keys.
    graphs
        See `Tier`.
    """

    name: str
    digest: str
    entries: dict[str, StockEntry]
    skeletons: frozenset[str]
    graphs: frozenset[int] | None

    @property
    def largest(self) -> float:
        """See `Tier`; a list may give keys alone."""
        return math.inf

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, key: str, smiles: str) -> StockEntry | None:
        """See `Tier`."""
        return self.entries.get(key)

    def has_skeleton(self, skeleton: str) -> bool:
        """See `Tier`."""
        return skeleton in self.skeletons


def _read_supplier(path: Path) -> tuple[SupplierTier, tuple[InputError, ...]]:
    entries: dict[str, StockEntry] = {}
    graphs: set[int] | None = set()
    problems: list[InputError] = []
    for number, row in read_table(path, needs=("smiles", "inchikey")):
        where = f"{path}: row {number}"
        try:
            key = _supplier_key(row)
        except InputError as error:
            problems.append(InputError(error.cause, where=where, mend=error.mend))
            continue
        price = _price(row.get("price", ""))
        if price is None and row.get("price"):
            cause = f"price {row['price']!r} is not a number from 0: entered without a price"
            problems.append(InputError(cause, where=where, mend="write it with a decimal point and no unit"))
        entry = StockEntry("supplier", _supplier_source(path, row), price=price)
        if key not in entries or _cost(entry) < _cost(entries[key]):
            entries[key] = entry
        if graphs is not None:
            graphs = _with_graph(graphs, row.get("smiles", ""))
    if not entries:
        first = f" (first: {problems[0]})" if problems else ""
        raise InputError(f"no usable row{first}", where=str(path), mend="list one molecule a row")
    skeletons = frozenset(key[:_SKELETON] for key in entries)
    known = None if graphs is None else frozenset(graphs)
    return SupplierTier("supplier", sha256_of(path), entries, skeletons, known), tuple(problems)


def _with_graph(graphs: set[int], smiles: str) -> set[int] | None:
    """The graphs with one more; None where the molecule is listed by its key alone."""
    if not smiles:
        return None
    if (number := graph_number(smiles)) is not None:
        graphs.add(number)
    return graphs


def graph_number(smiles: str) -> int | None:
    """`skeleton_number` by which a listed molecule is known: of its neutral parent, drawn hydrogens taken off."""
    return skeleton_number(Chem.RemoveAllHs(neutral_parent(smiles)))


def _supplier_key(row: dict[str, str]) -> str:
    if smiles := row.get("smiles", ""):
        key = inchikey(smiles)
    else:
        key = row.get("inchikey", "").upper()
        if not key:
            raise InputError("neither SMILES nor InChIKey", mend="give one of them")
    if not _STANDARD_KEY.fullmatch(key):
        raise InputError(f"{key or smiles!r} is not a standard InChIKey", mend="give the SMILES of one molecule")
    return key


def _price(text: str) -> float | None:
    try:
        price = float(text)
    except ValueError:
        return None
    return price if math.isfinite(price) and price >= 0 else None


def _cost(entry: StockEntry) -> float:
    return math.inf if entry.price is None else entry.price


def _supplier_source(path: Path, row: dict[str, str]) -> str:
    supplier = f" by {row['supplier']}" if row.get("supplier") else ""
    number = f" as {row['id']}" if row.get("id") else ""
    return f"listed{supplier}{number} in {path.name}"


@dataclass(frozen=True)
class BloomTier:
    """A Bloom filter over a catalogue: it may say yes to what the catalogue does not hold.

    Attributes
    ----------
    path : Path
    digest : str
    name : str
    """

    path: Path
    digest: str
    name: str = "perhaps"

    @property
    def largest(self) -> float:
        """See `Tier`."""
        return math.inf

    @property
    def graphs(self) -> None:
        """See `Tier`."""
        return None

    def find(self, key: str, smiles: str) -> StockEntry | None:
        """See `Tier`."""
        # molbloom's filters hold Kekulé SMILES (M. Medina, A. White, Digital Discovery 2023, 2, 1431).
        spelling = Chem.MolToSmiles(neutral_parent(smiles), kekuleSmiles=True)
        if spelling not in _bloom_filter(self.path):
            return None
        return StockEntry(self.name, f"perhaps in the catalogue of {self.path.name}: a Bloom filter's yes can be wrong")

    def has_skeleton(self, skeleton: str) -> bool:
        """A Bloom filter cannot be asked by skeleton."""
        return False


def bloom_tier(path: Path | None = None) -> BloomTier:
    """A catalogue as a Bloom filter of molbloom; its answers never solve a leaf.

    Parameters
    ----------
    path : Path, optional
        A ``.bloom`` file on disk; without it the one within the molbloom package (ZINC20 in stock, 9,227,726
        molecules, wrong for about 7 % of what it does not hold). Nothing is downloaded.

    Raises
    ------
    EngineMissing
        If molbloom is not installed.
    InputError
        If the file is absent or no Bloom filter.
    """
    try:
        import_module("molbloom.bloom")
    except ImportError:
        raise EngineMissing("the Bloom filter needs molbloom", mend="pip install 'bencao[bloom]'") from None
    if path is None:
        path = Path(str(resources.files("molbloom.data").joinpath("zinc-instock-mini.bloom")))
    digest = sha256_of(path)
    _refuse_other_files(path)
    return BloomTier(path, digest)


def _refuse_other_files(path: Path) -> None:
    """Check a filter's header and length: molbloom ends the process, or answers at random, on other files."""
    header = struct.Struct("<5sBIQ")  # magic word, version, number of hashes, number of bits
    with path.open("rb") as stream:
        start = stream.read(header.size)
    if len(start) == header.size:
        magic, _, _, bits = header.unpack(start)
        if magic == b"BLOOM" and path.stat().st_size - header.size in (bits // 8, -(-bits // 8)):
            return
    raise InputError("not a whole molbloom filter", where=str(path), mend="give a .bloom file of molbloom")


@lru_cache(maxsize=4)
def _bloom_filter(path: Path) -> Any:
    return import_module("molbloom.bloom").BloomFilter(str(path))
