"""What a dossier's rules ask of a PDF."""
