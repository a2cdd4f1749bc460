"""What people say before what they mean to say: "okay, so, um, how much is it"."""

_WORDS = (
    "so", "and", "but", "or", "then", "also", "well", "okay", "ok", "oh", "um", "uh", "hm+",
    "right", "alright", "all right", "look", "hi", "hello", "hey",
)  # fmt: skip


def lead_with(*also: str) -> str:
    """An expression for any such words, or none, at the start of a lower-case turn; `also`: further
    ones. It ends where the next word begins."""
    return rf"(?:(?:{'|'.join((*_WORDS, *also))})[,.\s]+)*"


LEAD = lead_with()
"""No yes or no: those answer."""
YES_NO = ("yes", "yeah", "yep", "no", "nope")
"""Further words where what follows is read for itself, whatever it answers."""
