"""The base of every section of a company folder: strict, frozen, and documented in place."""

import re
from datetime import time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """Base of all sections: unknown keys are errors, values immutable, docstrings document keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _in_quotes(value: object) -> object:
    """A time of day as text; without quotes, YAML makes 17:00 the number 1020."""
    if isinstance(value, time) or (isinstance(value, str) and _CLOCK.fullmatch(value)):
        return value
    kind = "time_parsing" if isinstance(value, str) else "time_type"
    raise PydanticCustomError(kind, "a time")


_CLOCK = re.compile(r"\d\d:\d\d(:\d\d)?")
Clock = Annotated[time, BeforeValidator(_in_quotes)]
"""A time of the day, without a zone of its own."""
