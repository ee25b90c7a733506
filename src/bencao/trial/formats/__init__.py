"""Files of trial data: read to data sets and written from them, the same bytes from run to run."""

from bencao.trial.formats.files import FORMATS, format_of, read_datasets, write_dataset

__all__ = ["FORMATS", "format_of", "read_datasets", "write_dataset"]
