"""How long what was learned is kept, as `company.yaml` has it."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section

Days = Annotated[int, Field(ge=0, le=36_500)]


class Retention(Section):
    """Days each kind of data is kept after its conversation ended; 0 keeps it for good."""

    audio_days: Days = 180
    """Recordings."""
    words_days: Days = 730
    """What was said and written: transcripts, quotes, signals, questions, briefs."""
    mail_days: Days = 730
    """Mails as they came and as they were sent."""
    contact_days: Days = 1_095
    """Who a person is, counted from their last conversation; with it all else that names them."""
    consent_days: Days = 1_825
    """The words in which somebody agreed to or declined recording and contact."""
