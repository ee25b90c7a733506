"""A study on the page and over HTTP: what runs, and what came of it."""
