"""The workbench: one page a room and the same jobs over HTTP, in front of worker processes."""

from bencao.web.jobs import Capacity, Job, JobBoard
from bencao.web.serving import create_app, serve

__all__ = ["Capacity", "Job", "JobBoard", "create_app", "serve"]
