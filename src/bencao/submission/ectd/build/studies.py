"""The study tagging files of a sequence: which documents each lists, and which earlier file it adds to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bencao.submission.ectd.application import INDEX, Application
from bencao.submission.ectd.backbone.leaf import Leaf, Level, Place
from bencao.submission.ectd.backbone.study import is_study_file, read_study
from bencao.submission.ectd.build.manifest import Manifest, Study
from bencao.submission.ectd.build.planning import Planned, leaf_id, slug
from bencao.submission.ectd.build.xml import study_xml
from bencao.submission.ectd.lifecycle import Life, Lifecycle
from bencao.submission.ectd.region.elements import chain, element_at
from bencao.submission.errors import ManifestError


def study_files(
    manifest: Manifest, planned: list[Planned], earlier: Application | None
) -> Iterator[tuple[bytes, Planned]]:
    """Content and leaf of each study's file, in the order of the manifest.

    A study with an earlier file adds to its latest one (operation ``append``, ICH STF 2.6.1), or replaces it where the
    manifest says so.

    Raises
    ------
    ManifestError
        Where a study has no document in the table.
    """
    before = dict(_latest(earlier)) if earlier is not None else {}
    for study in manifest.studies:
        documents = [one for one in planned if one.study == study.id and one.leaf.operation != "delete"]
        if not documents:
            raise ManifestError(
                "has no document in the table of leaves",
                where=f"studies: {study.id}",
                mend="give its documents study and tag, or remove it",
            )
        place = _place(study)
        path = f"{_folder(documents[0])}/stf-{slug(study.id)}.xml"
        data = study_xml(study, documents, path)
        target = before.get(study.id)
        yield (
            data,
            Planned(
                Leaf(
                    id=leaf_id(manifest, path),
                    operation=study.operation if target is not None else "new",
                    href=path,
                    title=study.title,
                    checksum=hashlib.md5(data, usedforsecurity=False).hexdigest(),
                    checksum_type="MD5",
                    modified_file=str(target.key) if target is not None else None,
                    language=None,
                    place=place,
                    line=0,
                    is_study_file=True,
                ),
                None,
                INDEX,
            ),
        )


def _folder(one: Planned) -> str:
    return str(one.leaf.href).rsplit("/", 1)[0]


def _place(study: Study) -> Place:
    element = element_at(study.heading, {}, f"studies: {study.id}")
    left = dict(study.attributes)
    levels = []
    for one in chain(element):
        told = {key: left[key] for key in (*one.required, *one.optional) if key in left}
        levels.append(Level(one.name, tuple(sorted(told.items()))))
    return tuple(levels)


def _latest(earlier: Application) -> Iterator[tuple[str, Life]]:
    """The last tagging file of each study that is still current."""
    for life in Lifecycle(earlier).current():
        sequence = earlier.sequence(life.key.sequence)
        path = life.path
        if sequence is None or path is None or path not in sequence.files or life.key.backbone != INDEX:
            continue
        if is_study_file(sequence, path, life.leaf):
            study = read_study(sequence, path, life.leaf)
            if study.error is None:
                yield study.study_id, life
