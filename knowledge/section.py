"""The base of every section of a company folder: strict, frozen, and documented in place."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Unknown keys are errors, nothing changes after loading, and docstrings say what keys mean."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
