"""How to say phone numbers, email addresses and web addresses."""

import re

from voice_agent.speech.verbalise.numbers import cardinal, digits

PHONE = re.compile(
    r"(?<![\w.,$])(?:\+\d[\d ().-]{6,18}\d|\(\d{3}\) ?\d{3}[-. ]\d{4}"
    r"|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}|\d{3}-\d{4})"
    r"(?:,?\s*(?:ext\.?|x)\s*(\d{1,6}))?(?![\w%]|[.,]\d)"
)
EMAIL = re.compile(r"\b([\w.+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})\b")
URL = re.compile(
    r"\b(?:https?://(?:www\.)?|www\.)([\w-]+(?:\.[\w-]+)*)((?:/[\w.%~-]*)*)(?:[?#][^\s.,;:!?)]*)?"
    r"|\b((?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|ai|dev|app|co|gov|edu))\b((?:/[\w%~-]+)*)/?"
)

_MARKS = {
    ".": "dot", "_": "underscore", "-": "dash", "+": "plus", "/": "slash", "%": "percent",
    "~": "tilde",
}  # fmt: skip
_SAID_ENDINGS = {"com", "org", "net", "co", "info", "dev", "app", "edu", "gov", "cloud", "tech"}
_ONSETS = set(
    "bl br ch cl cr chr dr dw fl fr gh gl gr kl kn kr ph pl pr ps rh sc sch scr sh shr sk sl sm sn "
    "sp spl spr sq st str sw th thr tr tw wh wr".split()
)


def phone(match: re.Match[str]) -> str:
    """`+1 415 555 2671` → "plus one, four one five, five five five, two six seven one"."""
    written, extension = match.group(0), match.group(1)
    if extension:
        written = re.split(r",?\s*(?:ext|x)", written)[0]
    groups = _phone_groups(written)
    said = ", ".join(_phone_group(group) for group in groups)
    said = f"plus {said}" if written.startswith("+") else said
    return f"{said}, extension {digits(extension)}" if extension else said


def email(match: re.Match[str]) -> str:
    """`jane.doe@acme.com` → "jane dot doe at acme dot com"."""
    return f"{_address(match.group(1))} at {_host(match.group(2))}"


def url(match: re.Match[str]) -> str:
    """Host and path: `https://www.acme.com/pricing` → "acme dot com slash pricing"."""
    host, path = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
    end = "." if path.endswith(".") else ""
    return f"{_host(host)} {_address(path.rstrip('/.'))}".strip() + end


def spelled(word: str) -> str:
    """`acme` → "A-C-M-E": hyphens make every engine name the letters, including A."""
    return "-".join(word.upper())


def can_be_said(word: str) -> bool:
    """Whether an English speaker could read this run of letters as a word."""
    lower = word.lower()
    onset = re.match(r"[^aeiouy]*", lower)
    if re.fullmatch("[^aeiouy][aeiouy]", lower):
        return True
    if len(lower) < 3 or onset is None or onset.end() == len(lower):
        return False
    legal = onset.end() < 2 or onset.group(0) in _ONSETS
    return legal and not re.search(r"[^aeiouy]{5}|[aeiou]{4}", lower)


def _phone_groups(written: str) -> list[str]:
    found = re.findall(r"\d+", written)
    if written.startswith("+") and len(found) < 3:
        found = _international("".join(found))
    return [part for run in found for part in _parts(run)]


def _parts(run: str) -> list[str]:
    """A run of digits in groups as people say them: up to four together, long ones in threes."""
    if len(run) <= 4:
        return [run]
    return [run[at : at + 3] for at in range(0, len(run), 3)]


def _international(run: str) -> list[str]:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(f"+{run}")
    except phonenumbers.NumberParseException:
        return [run]
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return re.findall(r"\d+", phonenumbers.format_number(parsed, form))


def _phone_group(group: str) -> str:
    return f"{cardinal(int(group[0]))} hundred" if re.fullmatch("[1-9]00", group) else digits(group)


def _host(host: str) -> str:
    *names, ending = host.split(".")
    said = ending if ending.lower() in _SAID_ENDINGS else spelled(ending)
    inner = [name if name in _SAID_ENDINGS else _address(name) for name in names]
    return " dot ".join([*inner, said])


def _address(text: str) -> str:
    runs = re.findall(r"[A-Za-z]+|\d+|[._+/%~-]", text)
    return " ".join(_run(run) for run in runs)


def _run(run: str) -> str:
    if run in _MARKS:
        return _MARKS[run]
    if run.isdigit():
        return cardinal(int(run)) if len(run) <= 2 and run[0] != "0" else digits(run)
    return run if can_be_said(run) else spelled(run)
