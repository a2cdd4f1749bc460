"""`LEAD`: what people say before what they mean to say: "okay, so, um, how much is it"."""

LEAD = (
    r"(?:(?:so|and|but|or|then|also|well|okay|ok|oh|um|uh|hm+|right|alright|all right|look|hi"
    r"|hello|hey)[,.\s]+)*"
)
"""At the start of an expression on a lower-case turn; may be empty. No yes or no: those answer."""
