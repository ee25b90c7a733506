"""The page of the workbench: NiceGUI around three small scripts of our own."""

from bencao.web.page.workbench import add_page

__all__ = ["add_page"]
