"""Take conversations out of a service, prove that you have them, look at them, carry them on.

    laplas export --to archive/ thread_abc123
    laplas verify archive/

An archive is a folder of JSON lines, as they were received: see `Archive`. Everything that the
command `laplas` does is here as a function, too.
"""

from ._conversing import import_into_conversations
from ._convert import Report, convert
from ._creating import create_many, create_many_async
from ._distributing import export_with_dask
from ._exporting import ExportProgress, ExportResult, export, export_async
from ._format import ArchiveError
from ._importing import ImportReport, import_archive
from ._reading import Archive, ArchivedThread
from ._restoring import import_into_database
from ._verifying import Problem, VerifyReport, verify
from ._view import serve_view, write_view
from ._writing import write_archive
from .formats.conversations import conversation_batches

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchivedThread",
    "ExportProgress",
    "ExportResult",
    "ImportReport",
    "Problem",
    "Report",
    "VerifyReport",
    "conversation_batches",
    "convert",
    "create_many",
    "create_many_async",
    "export",
    "export_async",
    "export_with_dask",
    "import_archive",
    "import_into_conversations",
    "import_into_database",
    "serve_view",
    "verify",
    "write_archive",
    "write_view",
]
