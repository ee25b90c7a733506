"""What becomes of a molecule in the body, as far as its structure tells: values with intervals, and where they hold."""
