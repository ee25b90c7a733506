"""A plan as a page, and a route as a picture, for a chemist to look at."""

from bencao.synthesis.page.document import render_plan, write_plan
from bencao.synthesis.page.picture import route_svg
from bencao.synthesis.page.words import LANGUAGES, Language

__all__ = ["LANGUAGES", "Language", "render_plan", "route_svg", "write_plan"]
