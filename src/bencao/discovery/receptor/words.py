"""What was done to a structure, in words."""

from __future__ import annotations

# By language and kind of `Change`.
CHANGES: dict[str, dict[str, str]] = {
    "en": {
        "alternate": "alternate places, the most occupied taken",
        "model": "model taken",
        "removed": "removed",
        "kept": "kept beside the polymer",
        "substituted": "replaced by the standard residue",
        "completed": "atoms built",
        "gap": "residues missing between",
        "metal-bound": "bound to a metal, no hydrogen there",
        "far": "too far from the ligand to matter, left out",
    },
    "zh": {
        "alternate": "多重构象，取占有率最高者",
        "model": "所取模型",
        "removed": "已移除",
        "kept": "与聚合物一同保留",
        "substituted": "已换为标准残基",
        "completed": "已补原子",
        "gap": "其间缺失残基",
        "metal-bound": "与金属配位，该处不加氢",
        "far": "距配体过远，未予保留",
    },
}
