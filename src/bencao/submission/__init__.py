"""The dossier: written, translated between Chinese and English, compiled, checked and filed."""

__all__: list[str] = []
