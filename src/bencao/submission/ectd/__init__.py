"""The dossier as code: sequences of an eCTD built, read, checked and viewed (ICH eCTD 3.2.2)."""
