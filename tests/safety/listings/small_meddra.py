"""A vocabulary in the layout of MedDRA's ASCII files, with codes and names of our own."""

from __future__ import annotations

from pathlib import Path

# preferred term, HLT, HLGT, SOC; lowest level terms of each are its own name and "early NAME".
TERMS = {
    "101": ("Bleeding", "Haemorrhages", "Vessel events", ("901", "Vessels")),
    "102": ("Clotting", "Haemorrhages", "Vessel events", ("901", "Vessels")),
    "103": ("Itching", "Itches", "Skin events", ("902", "Skin")),
    "104": ("Wheeze", "Breath sounds", "Lung events", ("903", "Lungs")),
    "105": ("Low pressure", "Pressures", "Vessel events", ("901", "Vessels")),
}


def write_meddra(folder: Path) -> Path:
    """Write mdhier, llt, intl_ord, smq_list and smq_content."""
    folder.mkdir(exist_ok=True)
    hierarchy, lowest = [], []
    for code, (name, hlt, hlgt, (soc, soc_name)) in TERMS.items():
        hierarchy.append(f"{code}$1{code}$2{code}${soc}${name}${hlt}${hlgt}${soc_name}$X$${soc}$Y$")
        lowest += [f"{code}${name}${code}$$$$$$$Y$$", f"5{code}$Early {name.lower()}${code}$$$$$$$Y$$"]
    # A way through another SOC, which must not count.
    hierarchy.append("103$1103$2103$903$Itching$Itches$Skin events$Lungs$X$$902$N$")
    (folder / "mdhier.asc").write_text("\n".join(hierarchy) + "\n", encoding="utf-8")
    (folder / "LLT.asc").write_text("\n".join(lowest) + "\n", encoding="utf-8")
    (folder / "meddra_release.asc").write_text("27.1$English$$$\n", encoding="utf-8")
    (folder / "intl_ord.asc").write_text("1$902$\n2$903$\n3$901$\n", encoding="utf-8")
    (folder / "smq_list.asc").write_text(
        "7001$Anaphylaxis-like (SMQ)$1$d$s$n$27.1$A$A or (B and C) or (D and (B or C))$\n"
        "7002$Vessels (SMQ)$1$d$s$n$27.1$A$N$\n"
        "7003$Clots (SMQ)$2$d$s$n$27.1$A$N$\n"
        "7004$Weighed (SMQ)$1$d$s$n$27.1$A$A or sum of weights > 6$\n",
        encoding="utf-8",
    )
    (folder / "smq_content.asc").write_text(
        "7001$101$4$2$A$0$A$1$1$\n"
        "7001$104$4$1$B$0$A$1$1$\n"
        "7001$103$4$1$C$0$A$1$1$\n"
        "7001$105$4$1$D$0$A$1$1$\n"
        "7002$101$4$2$A$0$A$1$1$\n"
        "7002$105$4$1$A$0$A$1$1$\n"
        "7002$103$4$2$A$0$I$1$1$\n"
        "7002$7003$0$0$S$0$A$1$1$\n"
        "7003$5102$5$2$A$0$A$1$1$\n"
        "7004$101$4$2$A$0$A$1$1$\n",
        encoding="utf-8",
    )
    return folder
