"""The backbones of a sequence: index.xml, the regional one and the study tagging files."""
