"""Access to DBOS's own state: `asked` runs a call in a thread, where it may block."""

from collections.abc import Callable, Collection
from contextvars import Context
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from core.errors import StoreFailed, first_line

if TYPE_CHECKING:
    from dbos import WorkflowHandle

OVER = ["SUCCESS", "ERROR", "CANCELLED"]
FORGET_AT_ONCE = 500
AGAIN = "again:"
"""What the id of a job's retry begins with; nobody enqueues one twice."""


async def asked(ask: Callable[..., None], *given: Any, abandon: bool = False) -> None:
    """Call DBOS, even from within a job: it must not take the call for that job's step, which may
    enqueue nothing. With `abandon`, cancelling does not wait for it. Raises: StoreFailed."""
    await to_thread.run_sync(_asking, partial(ask, *given), abandon_on_cancel=abandon)


def _asking(ask: Callable[[], None]) -> None:
    try:
        Context().run(ask)
    except Exception as error:  # DBOS has no error of its own for an unavailable database
        raise unstored(error) from error


def unstored(error: Exception) -> StoreFailed:
    """The error for what DBOS could not read or write, in one line."""
    return StoreFailed(f"durable work: {type(error).__name__}: {first_line(error)}")


def result(workflow: str) -> None:
    """Wait until a workflow is over."""
    from dbos import DBOS

    handle: WorkflowHandle[None] = DBOS.retrieve_workflow(workflow)
    handle.get_result(polling_interval_sec=0.05)


def adopt(living: Collection[str]) -> None:
    """Enqueue again what dead servers had begun; finished steps are not repeated."""
    from dbos import DBOS

    for begun in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
        if begun.executor_id not in living:
            DBOS.resume_workflow(begun.workflow_id)


def forget(before: datetime, retries_before: datetime) -> None:
    """Delete work that was enqueued before an instant and is over, and jobs' retries that were over
    before another, with their steps."""
    _forget(end_time=before.isoformat())
    _forget(completed_before=retries_before.isoformat(), workflow_id_prefix=AGAIN)


def _forget(**which: Any) -> None:
    from dbos import DBOS

    while found := DBOS.list_workflows(
        status=OVER, limit=FORGET_AT_ONCE, load_input=False, load_output=False, **which
    ):
        DBOS.delete_workflows([one.workflow_id for one in found])


def destroy() -> None:
    """Shut DBOS down, so that this process can start it again."""
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True)
