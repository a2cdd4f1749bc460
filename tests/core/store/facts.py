"""Random facts of every kind, built by hypothesis from the dataclasses themselves."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from core.events import Fact

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type, for the types used in `core.events`."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return st.one_of([values(arg) for arg in get_args(hint)])
    if origin is Literal:
        return st.sampled_from(get_args(hint))
    if origin is tuple:
        args = get_args(hint)
        if len(args) == 2 and args[1] is ...:
            return st.lists(values(args[0]), max_size=3).map(tuple)
        return st.tuples(*[values(arg) for arg in args])
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(st.text(max_size=8), json_values, max_size=3)
    if is_dataclass(hint):
        return instances(typing.cast(type[Any], hint))
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if hint is int:
        return st.integers(-(2**40), 2**40)
    return {str: st.text(), bool: st.booleans(), types.NoneType: st.none()}[hint]


def instances(cls: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls)
    return st.builds(cls, **{f.name: values(hints[f.name]) for f in fields(cls)})


any_fact: st.SearchStrategy[Fact] = st.one_of([instances(cls) for cls in get_args(Fact)])
