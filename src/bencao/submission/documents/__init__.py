"""Documents in and out: .docx, .xlsx and .pptx, sentence by sentence, their formatting kept."""

from bencao.submission.documents.document import ENDINGS, Document, document_bytes, read_document

__all__ = ["ENDINGS", "Document", "document_bytes", "read_document"]
