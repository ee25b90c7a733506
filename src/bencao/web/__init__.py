"""The workbench: one page a room and the same jobs over HTTP, in front of worker processes."""

from bencao.kernel.errors import EngineMissing

try:
    from bencao.web.jobs import Capacity, Job, JobBoard
    from bencao.web.serving import create_app, serve
except ImportError as error:
    raise EngineMissing(
        f"the workbench needs {error.name or 'packages that are not installed'}", mend="pip install 'bencao[web]'"
    ) from None

__all__ = ["Capacity", "Job", "JobBoard", "create_app", "serve"]
