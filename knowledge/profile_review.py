"""How calls and changed rules are reviewed, as `company.yaml` has it."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section


class Mark(Section):
    """One line of the scorecard, marked from 1 to 5."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=40)]
    """A short name in lower case; reports go by it."""
    label: Annotated[str, Field(min_length=1, max_length=80)]
    """What is marked."""
    about: str = ""
    """What a 5 sounds like, shown beside it."""


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
    """Lines of the scorecard on a call's page; none: six that suit any company."""
    second_looks: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Share of conversations drawn for a second look at their verdict, fits and rejects alike, the same ones every time; recall and calibration are estimated from them. 0: none."""  # noqa: E501
    rules_by_two: bool = False
    """True: criteria and routing changed in the console are published by someone who had no hand in the change."""  # noqa: E501

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is marked here."""
        return self.scorecard or DEFAULT
