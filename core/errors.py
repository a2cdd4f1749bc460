"""The error tree of core: every class has a stable `code` and says whether a retry may help."""


class CoreError(Exception):
    """Root of what core raises; `code` is stable and may be logged, matched and documented."""

    code = "core-error"
    retryable = False


def first_line(error: BaseException) -> str:
    """The first line of an error (of the driver's own error for a database), for logs: it leaves
    out the values that were to be written."""
    first, *_ = (*str(getattr(error, "orig", None) or error).splitlines(), "")
    return first


class RealiserFailed(CoreError):
    """A remote model returned no usable words in time; the embedded realiser words the turn."""

    code = "realiser-failed"
    retryable = True


class ReadingFailed(CoreError):
    """A remote model returned no usable reading of a turn; the embedded reading stands."""

    code = "reading-failed"
    retryable = True


class EmbeddingFailed(CoreError):
    """A remote model returned no usable vectors; retrieval falls back to words alone."""

    code = "embedding-failed"
    retryable = True


class StoreFailed(CoreError):
    """The database refused the write or was unreachable; the write may be retried."""

    code = "store-failed"
    retryable = True


class SchemaNewer(StoreFailed):
    """The database schema was migrated by a newer version than this one."""

    code = "schema-newer"
    retryable = False


class CrmFailed(CoreError):
    """A CRM refused a request or was unreachable.

    `remedy`: what a person can do; `after_s`: when it asks to be retried.
    """

    code = "crm-failed"
    retryable = True

    def __init__(
        self, message: str, *, remedy: str = "", retryable: bool = True, after_s: float = 0.0
    ) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.retryable = retryable
        self.after_s = after_s


class CalendarFailed(CoreError):
    """A calendar refused a request or was unreachable; `after_s`: when it asks to be retried."""

    code = "calendar-failed"
    retryable = True

    def __init__(self, message: str, *, retryable: bool = True, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.after_s = after_s


class EnrichmentFailed(CoreError):
    """A company data source was unreachable or returned nothing usable."""

    code = "enrichment-failed"
    retryable = True


class NotifyFailed(CoreError):
    """A notification failed: the channel refused it or was unreachable."""

    code = "notify-failed"
    retryable = True
