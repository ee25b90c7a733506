"""Engines that translate what no memory knows: an endpoint that speaks OpenAI's protocol, or a CTranslate2 model."""

from bencao.submission.translation.engines.engine import Engine, Request

__all__ = ["Engine", "Request"]
