"""Free text of an extract, without what identifies."""
