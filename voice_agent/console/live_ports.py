"""What the live console needs of this process's calls."""

from typing import Any, Protocol


class Supervised(Protocol):
    """The people on one call."""

    rep: str | None

    @property
    def listeners(self) -> int: ...

    def listen(self) -> Any: ...

    def leave(self, listener: Any) -> None: ...

    def say(self, rep: str, text: str) -> None: ...

    def whisper(self, rep: str, words: str) -> Any: ...

    def take(self, rep: str) -> None: ...

    def give_back(self, rep: str) -> None: ...

    def speak(self, rep: str, payload: bytes) -> None: ...

    def transfer(self, rep: str, to: str) -> None: ...

    def end(self, rep: str) -> None: ...


class LiveCall(Protocol):
    """A call on this process."""

    @property
    def supervision(self) -> Supervised: ...

    @property
    def hearing_now(self) -> str:
        """What the caller is saying at the moment, as far as recognised."""


class LiveCalls(Protocol):
    """The calls on this process."""

    def going_on(self, conversation_id: str) -> LiveCall | None:
        """A call by its conversation; None when it has ended or is elsewhere."""
