"""What is wrong with a setting, for whoever set it: name, value, what is expected, remedy."""

from types import NoneType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from voice_agent.config import Settings


def explained(error: ValidationError) -> list[str]:
    """One line for each wrong setting."""
    return [_line(dict(problem)) for problem in error.errors()]


def _line(problem: dict[str, Any]) -> str:
    name = "_".join(str(part) for part in problem["loc"]).lower()
    fields = Settings.model_fields.items()
    key, field = next(
        ((key, field) for key, field in fields if name in (key, (field.alias or "").lower())),
        (name, None),
    )
    if field is None:
        return f"setting {name.upper()}: {problem['msg']}"
    shown = field.alias or f"VOICE_AGENT_{key.upper()}"
    value = "" if field.annotation is SecretStr else f", found {problem['input']!r}"
    default = f", or leave it out for {field.default}" if field.default else ", or leave it out"
    return (
        f"setting {shown}: expected {_expected(field, problem)}{value} ({field.description}). "
        f"Put it right in the environment or .env{default}."
    )


def _expected(field: FieldInfo, problem: dict[str, Any]) -> str:
    kinds: dict[Any, str] = {int: "a whole number", float: "a number", bool: "True or False"}
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(str(one) for one in get_args(field.annotation))}"
    plain = [one for one in get_args(field.annotation) if one is not NoneType]
    kind = kinds.get(plain[0] if plain else field.annotation)
    if kind is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    least = next((f"{one.ge}" for one in field.metadata if isinstance(one, Ge)), "")
    most = next((f"{one.le}" for one in field.metadata if isinstance(one, Le)), "")
    between = f" from {least} to {most}" if least and most else f" from {least} up" if least else ""
    return kind + between
