"""Names in Latin letters that a label or a system's form tells: Patient: Begum, Primrose; LAST^FIRST; last=Quaye."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.lexicon import english, latin, wide
from bencao.records.deidentify.finding.names.latin_cues import CREDENTIAL, STRONG
from bencao.records.deidentify.finding.search.starts import Searched, form
from bencao.records.deidentify.span import Span

_WORD = r"[A-Z\u00c0-\u00de](?:\.|[A-Za-z\u00c0-\u024f'-]+|(?![A-Za-z]))"
_TITLE = r"(?:(?:Dr|Mr|Mrs|Ms|Miss|Nurse|Prof)\.? )?"
_LABELLED = form(
    r"\b(?:(?:Pt|Patient|Full|Legal|Preferred|Mother's|Father's|Given|Family|First|Last|Sur|Baby|Contact|Client|"
    r"Subject)? ?[Nn]ames?|NAME|"
    r"Pt|Patient|PATIENT|Client|Resident|Baby|Mother|Father|Spouse|Informant|Witness|Interpreter|Guardian|"
    r"Req(?:uested|uester)?(?: by)?|REQ|Ordering(?: [Pp]rovider)?|Ordered by|Referr(?:ed by|er|ing)|Provider|PCP|"
    r"GP|Attending|Physician|Consultant|"
    r"Surgeon|Assistant|An(?:a)?esthe(?:tist|siologist)|Radiologist|Pathologist|Registrar|Clinician|Doctor|Nurse|"
    r"Midwife|RN|Technologist|Tech|"
    r"NOK|N\.O\.K\.|Next of [Kk]in|(?:Emergency )?[Cc]ontact|EC|POA|HCP|Signed|SIGNED|"
    r"Electronically signed(?: by)?|e-?signed(?: by)?|Signature|"
    r"Reported(?: by)?|Typed(?: by)?|Dictated(?: by)?|Transcribed(?: by)?|Verified(?: by)?|Reviewed by|"
    r"Approved by|Authori[sz]ed by|Read by|"
    r"Witnessed by|Seen by|Taken by|Collected by|Performed by|Prepared by|Entered by|Author|Scribe|Presenter|"
    r"presenter|cc|CC|Attn|ATTN|Crew|Driver)"
    rf"(?:[ \t]*[:#|][ \t|]*|[ \t]{{2,}}| (?=[A-Z][a-z'-]+,[ ]?[A-Z]))({_TITLE})"
    rf"({_WORD},[ ]?{_WORD}(?:[ ]{_WORD})?|{_WORD}(?:[ ](?:van|de|der|den|la|al|el|bin|von|di|"
    rf"da)){{0,2}}(?:[ ]{_WORD}){{0,3}})"
)
_NO_NAME = re.compile(
    r"(?:None|Same|Self|Unknown|N/?A|Stable|Yes|No|Not|Pending|See|As|Above|Below|The|This|Date|Time|DOB|MRN|Sex|"
    r"Age|Male|Female|Name|Address|Phone|"
    r"Tel|Ward|Bed|Room|Unit|Dept|Department|Hospital|Clinic|Patient|Doctor|Nurse|ID|Number|No|Denies|Reports|"
    r"States|Alert|Awake|Is|Has|Was|Will|In|On|"
    r"At|By|For|With|And|To|From|Of|All|Left|Right|Normal|Continue|Plan|Home|Education|Instructions|Information|"
    r"Record|History|Status|Care|Safety|Notes?)\b"
)
_FIRST_LAST = form(r"(?<=[,|\"/])([a-z]{3,} [a-z'-]{3,})(?=[,|\"]| \()")
_CARETS = form(r"(?<![A-Za-z])[A-Za-z][A-Za-z'-]+\^[A-Za-z][A-Za-z'-]{2,}(?:\^[A-Za-z]*){0,2}")
_FIELD = form(
    r"(?i:name|first|last|given|family|contact|doc(?:tor)?|nurse|oper(?:ator)?|patient|user|signer|author|nok|"
    r"provider|attending)\w*[\"']?"
    r"[=:|][\"']?([A-Za-z][A-Za-z'.-]+(?: [A-Z][A-Za-z'.-]*){0,2})(?=[\"'|;&,]|$)",
    re.MULTILINE,
)
_CHAT = form(rf"\]\s?{_TITLE}([A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'.-]+){{0,2}})(?=:)")
_INITIALS_OF = form(
    r"(?:\b[Ii]nitials?|缩写|姓名首字母|首字母|拼音缩写)[ :：“\"]{1,3}([A-Z](?:[.-]?[A-Z]){1,3})(?![A-Za-z])|"
    r"\b(?:pt|patient) ([A-Z]{2,3})(?=/)|"
    r"(?<![A-Za-z.])(?!(?:[AP]\.M|P\.O|I\.[VMH]|[BTQ]\.I?\.?D|P\.R\.N|N\.S|U\.S|H\.S)\.)((?:[A-Z]\.){2,3})(?=.{0,6}[\u4e00-\u9fff])"
)


def find(seen: Searched) -> Iterator[Span]:
    """Names that labels, fields and chats tell.

    Parameters
    ----------
    seen : Searched

    Yields
    ------
    Span
    """
    for found in seen.each(_LABELLED):
        words = [word.strip(".,") for word in found[2].replace(",", " ").split()]
        while words and words[-1].lower() in CREDENTIAL | STRONG:
            words.pop()
        if words and not _NO_NAME.match(found[2]) and _may_be_name(words):
            end = found.start(2) + found[2].index(words[-1], 0 if len(words) == 1 else len(words[0])) + len(words[-1])
            yield Span(found.start(2), end, "name", "name.label_latin", 0.88)
    for found in seen.each(_FIRST_LAST):
        first, last = found[1].split()
        if _is_listed(first) and (_is_listed(last) or last not in english()):
            yield Span(*found.span(1), "name", "name.field", 0.8)
    if "^" in seen.text:
        for found in seen.each(_CARETS):
            yield Span(*found.span(), "name", "name.carets", 0.95)
    if "=" in seen.text or "|" in seen.text:
        for found in seen.each(_FIELD):
            if _may_be_name(found[1].split()) and not _NO_NAME.match(found[1]):
                yield Span(*found.span(1), "name", "name.field", 0.9)
    for found in seen.each(_CHAT):
        yield Span(*found.span(1), "name", "name.chat", 0.85)
    for found in seen.each(_INITIALS_OF):
        yield Span(*found.span(found.lastindex or 1), "name", "name.initials", 0.76 if found[3] else 0.85)


def _is_listed(word: str) -> bool:
    bare = word.lower().removesuffix("'s")
    return any(bare in names(kind) for names in (latin, wide) for kind in ("given", "family")) or bare in latin("also")


def _may_be_name(words: list[str]) -> bool:
    """Whether what a label has may be a name: a word of it is a listed name, or no English."""
    if len(words) == 1:
        return words[0].lower() not in english() and (len(words[0]) > 3 or not words[0].isupper())
    return any(_is_listed(word) or word.lower() not in english() for word in words if len(word) > 1)
