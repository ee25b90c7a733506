"""The trial room of the workbench: one study, read in a process of its own."""
