"""The error tree of core: every class has a stable `code` and says whether a retry may help."""


class CoreError(Exception):
    """Root of what core raises; `code` is stable and may be logged, matched and documented."""

    code = "core-error"
    retryable = False


def first_line(error: BaseException) -> str:
    """The first line of an error, of the driver's own where a database raised it: for logs, without
    what was to be written."""
    first, *_ = (*str(getattr(error, "orig", None) or error).splitlines(), "")
    return first


class RealiserFailed(CoreError):
    """A remote model gave no usable words in time; the embedded realiser takes the turn."""

    code = "realiser-failed"
    retryable = True


class ReadingFailed(CoreError):
    """A remote model gave no usable reading of a turn; the embedded reading stands."""

    code = "reading-failed"
    retryable = True


class EmbeddingFailed(CoreError):
    """A remote model gave no usable vectors; words alone decide."""

    code = "embedding-failed"
    retryable = True


class StoreFailed(CoreError):
    """The database refused or was unreachable; the write may be tried again."""

    code = "store-failed"
    retryable = True


class SchemaNewer(StoreFailed):
    """The database was brought up to date by a newer version than this one."""

    code = "schema-newer"
    retryable = False


class CrmFailed(CoreError):
    """A CRM refused or was unreachable.

    `remedy`: what a person can do; `after_s`: when it wants to be asked again.
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
    """A calendar was refused or unreachable; `after_s`: when it wants to be asked again."""

    code = "calendar-failed"
    retryable = True

    def __init__(self, message: str, *, retryable: bool = True, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.after_s = after_s


class EnrichmentFailed(CoreError):
    """A source of what is known of companies was unreachable or gave nothing usable."""

    code = "enrichment-failed"
    retryable = True


class NotifyFailed(CoreError):
    """A person could not be told: the channel refused or was unreachable."""

    code = "notify-failed"
    retryable = True
