"""Where people of the company find a conversation. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """Links for people of the company to a conversation in the console. `base`: the server's public
    address, without a slash at its end; empty if it has none."""

    base: str = ""

    def transcript(self, conversation_id: str) -> str:
        """The page of a conversation; without a public address, its document's path."""
        if not self.base:
            return f"/api/v1/conversations/{conversation_id}"
        return f"{self.base}/console/calls/{conversation_id}"

    def recording(self, conversation_id: str, url: str) -> str:
        """Where to listen to the recording; one stored elsewhere has its own address."""
        if url.startswith(("http://", "https://")) or not self.base:
            return url
        return f"{self.transcript(conversation_id)}#recording"
