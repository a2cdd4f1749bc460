"""Where the name of a thing ends: "my house" is complete, "my house of worship" goes on. Pure."""

import re

_NEXT = re.compile(r"\s+([a-z][a-z'-]*)")
_AFTER_A_NAME = frozenset(
    "is isn't was are aren't were be been being am has have had having do does did done don't"
    " doesn't didn't can can't could will won't would should may might must needs need needed gets"
    " get got uses use used wants want looks look faces sits sit costs cost takes runs run stands"
    " and or but so because since if when while where which who that than then though although"
    " unless until as in on at by for from with without to into onto over under up down off out"
    " around near about across behind beside between through per via like after before during"
    " i you he she it we they there here this these those my your our his her their the a an not"
    " no yes too also already now again please thanks thank well just only even still yet ever"
    " maybe really actually instead though either today tomorrow tonight next last please sir"
    " ma'am right okay ok um uh er really what how why whether any some all both".split()
)


def goes_on(text: str, end: int) -> bool:
    """Whether the word after a name at `end` makes it part of another: "my home office"."""
    word = _NEXT.match(text, end)
    if word is None:
        return False
    said = word.group(1)
    if said == "of":
        return True
    return said not in _AFTER_A_NAME and not said.endswith(("ing", "ly", "'s", "'re", "'ve"))
