"""The submission room of the workbench: an application with its check, and a translation under review."""
