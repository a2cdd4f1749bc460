"""The review section of `company.yaml`: how calls and changed rules are reviewed."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section


class Mark(Section):
    """One line of the scorecard, scored from 1 to 5."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=40)]
    """A short name in lower case, used in reports."""
    label: Annotated[str, Field(min_length=1, max_length=80)]
    """What is scored."""
    about: str = ""
    """What a 5 sounds like, shown next to it."""


DEFAULT = (
    Mark(
        id="understood",
        label="Understood the buyer",
        about="No question was missed or asked twice.",
    ),
    Mark(id="helped", label="Helped before asking", about="Answers came first, asks were earned."),
    Mark(id="right", label="Said what is true", about="Every answer was right and complete."),
    Mark(id="judged", label="Judged the fit", about="The verdict follows from what was said."),
    Mark(id="manners", label="Was good to talk to", about="Paced well, let the buyer finish."),
    Mark(
        id="next_step", label="Left a clear next step", about="The buyer knew who calls, and when."
    ),
)


class Review(Section):
    """How calls and changed rules are reviewed."""

    scorecard: Annotated[tuple[Mark, ...], Field(max_length=20)] = ()
    """Lines of the scorecard on a call's page; empty: six that suit any company."""
    second_looks: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Share of conversations drawn for a second look at their verdict, fits and rejects alike, the
    same ones every time; recall and calibration are estimated from them. 0: none."""
    rules_by_two: bool = False
    """True: criteria and routing changed in the console must be published by someone who had no
    part in the change."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The scorecard in use."""
        return self.scorecard or DEFAULT
