"""Text PDFs read into paragraphs, headings and tables, and written as the parts of a .docx."""
