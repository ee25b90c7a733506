"""Drug safety: reports taken in, coded, matched, checked and sent, and signals among many."""

__all__: list[str] = []
