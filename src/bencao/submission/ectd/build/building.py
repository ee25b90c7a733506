"""Building a sequence: its folder is whole or absent, and the same manifest gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.submission.ectd.application import INDEX, Application, read_application
from bencao.submission.ectd.backbone.leaf import Leaf, Level
from bencao.submission.ectd.build.eu import eu_regional_xml, plan_eu
from bencao.submission.ectd.build.manifest import LeafRow, Manifest, cn_envelope, inside, read_manifest
from bencao.submission.ectd.build.planning import Planned, leaf_id, plan_leaves
from bencao.submission.ectd.build.studies import study_files
from bencao.submission.ectd.build.xml import cn_regional_xml, index_xml
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.region.elements import ich_elements
from bencao.submission.ectd.region.pack import STF, Region, region_of
from bencao.submission.errors import ManifestError

_M1 = next(iter(ich_elements()))


@dataclass(frozen=True)
class Built:
    """A sequence that was written.

    Parameters
    ----------
    folder : Path
    files : int
    leaves : int
    sha256 : str
        Of the paths and contents of all files, in order.
    missing : tuple of str
        Official files that it had to do without.
    sources : tuple of Path
        The user's files that went into it.
    """

    folder: Path
    files: int
    leaves: int
    sha256: str
    missing: tuple[str, ...]
    sources: tuple[Path, ...]


def build_sequence(
    manifest_path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    assets: Assets | None = None,
) -> Built:
    """Build a sequence from its manifest.

    Parameters
    ----------
    manifest_path : path-like
        ``submission.yaml``.
    out : path-like
        Folder that holds applications: the sequence becomes ``OUT/application/0000``. Earlier sequences there are what
        operations refer to.
    assets : Assets, optional
        Official files, copied into ``util``; those of the workspace without it.

    Returns
    -------
    Built

    Raises
    ------
    ManifestError
        Where the manifest, its table, or an operation is wrong, or the sequence is there already with other content.
    RegionFilesMissing
        Where the region's official files must be supplied.
    UnsafeFile
        Where a file lies outside the manifest's folder.
    DocumentError
        Where a file is not what its name says.
    """
    assets = assets or Assets()
    manifest, rows = read_manifest(manifest_path)
    region = region_of(manifest.region, os.fspath(manifest_path))
    table = inside(Path(manifest_path).parent, manifest.leaves, os.fspath(manifest_path))
    application = Path(out) / manifest.application
    earlier = _earlier(application, manifest, os.fspath(manifest_path))
    content, planned = _content(manifest, rows, region, earlier, table, assets)
    util, missing = _util(region, manifest, assets)
    for path, data in util.items():
        content[path] = data
    sources = {one.leaf.href: one.source for one in planned if one.source is not None and one.leaf.href}
    digest = _written(application, manifest.sequence, content, sources)
    return Built(
        application / manifest.sequence,
        len(content) + len(sources),
        len(planned),
        digest,
        missing,
        tuple(sorted(set(sources.values()))),
    )


def _earlier(application: Path, manifest: Manifest, where: str) -> Application | None:
    if int(manifest.sequence) == 0:
        return None
    there = read_application(application) if application.is_dir() and any(application.iterdir()) else None
    before = tuple(one for one in there.sequences if one.name < manifest.sequence) if there is not None else ()
    wanted = [f"{number:04d}" for number in range(int(manifest.sequence))]
    missing = [name for name in wanted if name not in {one.name for one in before}]
    if missing:
        raise ManifestError(
            f"sequence {manifest.sequence} without {', '.join(missing[:5])}",
            where=f"{where}: sequence",
            mend=f"put the earlier sequences into {application}, or correct the number",
        )
    return Application(application, before)


def _content(
    manifest: Manifest,
    rows: tuple[LeafRow, ...],
    region: Region,
    earlier: Application | None,
    table: Path,
    assets: Assets,
) -> tuple[dict[str, bytes], list[Planned]]:
    """Files that the build writes, by path, and all leaves."""
    regional_rows = tuple(row for row in rows if region.code == "eu" and row.heading.startswith("m1-"))
    planned = plan_leaves(manifest, tuple(row for row in rows if row not in regional_rows), region, earlier, table)
    planned += plan_eu(manifest, regional_rows, region, earlier, table)
    content: dict[str, bytes] = {}
    for data, one in study_files(manifest, planned, earlier):
        content[str(one.leaf.href)] = data
        planned.append(one)
    if region.backbone:
        in_module_1 = [one for one in planned if one.backbone == region.backbone]
        if region.code == "cn":
            data = cn_regional_xml(in_module_1, manifest, cn_envelope(manifest), region.elements, region.backbone)
        else:
            data = eu_regional_xml(in_module_1, manifest, assets, region)
        content[region.backbone] = data
        planned.append(_regional_leaf(manifest, region, data))
    index = index_xml([one for one in planned if one.backbone == INDEX], manifest.language)
    content[INDEX] = index
    content["index-md5.txt"] = hashlib.md5(index, usedforsecurity=False).hexdigest().encode()
    return content, planned


def _regional_leaf(manifest: Manifest, region: Region, data: bytes) -> Planned:
    leaf = Leaf(
        id=leaf_id(manifest, region.backbone),
        operation="new",
        href=region.backbone,
        title=region.backbone.rsplit("/", 1)[-1].removesuffix(".xml"),
        checksum=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        checksum_type="MD5",
        modified_file=None,
        language=None,
        place=(Level(_M1),),
        line=0,
    )
    return Planned(leaf, None, INDEX)


def _util(region: Region, manifest: Manifest, assets: Assets) -> tuple[dict[str, bytes], tuple[str, ...]]:
    wanted = list(region.util)
    if manifest.studies:
        wanted += [*STF[:2], *sorted({f"style/{study.stylesheet}" for study in manifest.studies})]
    content, missing = {}, []
    for name in wanted:
        path = assets.find(name.rsplit("/", 1)[-1])
        if path is None:
            missing.append(f"util/{name}")
        else:
            content[f"util/{name}"] = path.read_bytes()
    return content, tuple(missing)


def _written(application: Path, sequence: str, content: dict[str, bytes], sources: dict[str, Path]) -> str:
    """Write all files under a temporary name, then give the folder its own; the digest of what was written."""
    target = application / sequence
    application.mkdir(parents=True, exist_ok=True)
    temporary = application / f".bencao-{secrets.token_hex(8)}.tmp"
    try:
        temporary.mkdir()
        for path in sorted({*content, *sources}):
            place = temporary / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if path in content:
                place.write_bytes(content[path])
            else:
                shutil.copyfile(sources[path], place)
        digest = digest_of(temporary)
        if target.exists():
            if digest_of(target) != digest:
                raise ManifestError(
                    "the sequence is there with other content",
                    where=str(target),
                    mend="a sequence is never changed: give the next number, or remove the folder if it was not filed",
                )
            shutil.rmtree(temporary)
        else:
            temporary.rename(target)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(target), mend="give a folder you may write to"
        ) from error
    finally:
        if temporary.exists():
            shutil.rmtree(temporary, ignore_errors=True)
    return digest


def digest_of(folder: Path) -> str:
    """SHA-256 over the paths and contents of a folder's files, in order."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    return sorted(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.relative_to(folder).as_posix()
    )
