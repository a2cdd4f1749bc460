"""The retention section of `company.yaml`: how long data is kept."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Days = Annotated[int, Field(ge=0, le=36_500)]


class Retention(Section):
    """Days each kind of data is kept after its conversation ended; 0 keeps it forever."""

    audio_days: Days = 180
    """Recordings."""
    words_days: Days = 730
    """What was said and written: transcripts, quotes, signals, questions, briefs."""
    mail_days: Days = 730
    """Received and sent mails."""
    contact_days: Days = 1_095
    """A person's identity and everything that names them, counted from their last conversation."""
    consent_days: Days = 1_825
    """The words of consent to recording and contact, given or declined."""
