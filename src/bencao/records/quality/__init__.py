"""The quality of a database in the common data model, by the checks of OHDSI's Data Quality Dashboard."""
