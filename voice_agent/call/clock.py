"""The call clock: seconds since the media stream began, used for every instant of a call."""

import asyncio
from datetime import datetime, timedelta


class CallClock:
    """Binds media timestamp 0 to the event loop's monotonic time and to a UTC instant."""

    def __init__(self, began: datetime, elapsed_s: float = 0.0) -> None:
        self._time = asyncio.get_running_loop().time  # looked up once: a lookup costs a system call
        self._zero = self._time() - elapsed_s
        self._began = began

    def now(self) -> float:
        """Seconds since the stream began, to the microsecond, the precision kept for replay."""
        return round(self._time() - self._zero, 6)

    def utc(self, at: float) -> datetime:
        """A call-clock second as a UTC instant."""
        return self._began + timedelta(seconds=at)
