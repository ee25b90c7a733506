"""An E2B(R2) message made for the tests, by parts that a test may change."""

from __future__ import annotations

from pathlib import Path

DOCTYPE = '<!DOCTYPE ichicsr SYSTEM "http://example.org/icsr21xml.dtd">'
HEADER = """<ichicsrmessageheader><messagetype>ichicsr</messagetype><messageformatversion>2.1</messageformatversion>
<messagenumb>M-1</messagenumb><messagesenderidentifier>SENDER</messagesenderidentifier>
<messagereceiveridentifier>RECEIVER</messagereceiveridentifier><messagedateformat>204</messagedateformat>
<messagedate>20240102030405</messagedate></ichicsrmessageheader>"""
REACTION = """<reaction><primarysourcereaction>mal au ventre</primarysourcereaction>
<reactionmeddraversionllt>23.1</reactionmeddraversionllt><reactionmeddrallt>10000081</reactionmeddrallt>
<reactionoutcome>6</reactionoutcome></reaction>"""


def report(patient: str = REACTION, whole: str = "", identifier: str = "FR-XX-1") -> str:
    """A report of which the patient's part and what stands before it are given."""
    return (
        f"<safetyreport><safetyreportid>{identifier}</safetyreportid>{whole}<patient>{patient}</patient></safetyreport>"
    )


def write(path: Path, *reports: str, before: str = DOCTYPE) -> Path:
    """Write a message."""
    path.write_text(f'<?xml version="1.0"?>{before}<ichicsr lang="en">{HEADER}{"".join(reports)}</ichicsr>', "utf-8")
    return path
