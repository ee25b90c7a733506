"""What a case lacks before it can be sent, asked for and filled in by a person."""

from bencao.safety.completion.asking import Asked, fitting, lacking
from bencao.safety.completion.form import completed, form_of

__all__ = ["Asked", "completed", "fitting", "form_of", "lacking"]
