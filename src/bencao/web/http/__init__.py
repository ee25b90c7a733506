"""The workbench over HTTP: the API, its forms and errors, the guard before all, and the editor's files."""
