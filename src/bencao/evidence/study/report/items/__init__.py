"""What a study says to each item to report: by its protocol, and by its results."""
