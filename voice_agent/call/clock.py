"""The call clock: seconds since the media stream began, on which every instant of a call lies."""

import asyncio
from datetime import datetime, timedelta


class CallClock:
    """Binds media timestamp 0 to the event loop's monotonic time and to a UTC instant."""

    def __init__(self, began: datetime, elapsed_s: float = 0.0) -> None:
        self._time = asyncio.get_running_loop().time  # asked for each time, it costs a system call
        self._zero = self._time() - elapsed_s
        self._began = began

    def now(self) -> float:
        """Seconds since the stream began, to the microsecond: as they are kept to be run again."""
        return round(self._time() - self._zero, 6)

    def utc(self, at: float) -> datetime:
        """The UTC instant of a call-clock second."""
        return self._began + timedelta(seconds=at)
