"""Case narratives in English or Chinese, every sentence with the data elements that it states."""

from bencao.safety.narrative.narrating import narrate
from bencao.safety.narrative.page import write_narrations
from bencao.safety.narrative.received import with_narrative
from bencao.safety.narrative.stated import Narration, Sentence, Stated

__all__ = ["Narration", "Sentence", "Stated", "narrate", "with_narrative", "write_narrations"]
