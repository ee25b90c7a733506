"""The common data model that records are brought into, and databases that hold it."""
