"""`plain()`: YAML as plain data, through libyaml where PyYAML has it: five times faster."""

from typing import Any

import yaml

Loader = type[yaml.CSafeLoader] | type[yaml.SafeLoader]
QUICK: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def plain(text: str) -> Any:
    """The one document in `text`. Raises: yaml.YAMLError, ValueError."""
    return yaml.load(text, Loader=QUICK)
