"""Read hospitals' files and databases into staged tables: every cell a text, every record with its file and number."""
