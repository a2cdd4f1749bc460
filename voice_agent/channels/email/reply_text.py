"""What a buyer wrote in this mail: without quotes, signature and disclaimer.

Pure, linear time. In doubt it keeps a line rather than lose it: hyphened lists, "Thanks," at the
start of a sentence and answers between quoted lines stay.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

LONGEST_LINE = 2_000
SIGNATURE_LINES = 8
"""Most lines after a sign-off; with more, they are text."""
NARROWEST, WIDEST = 60, 80
"""If a mail's longest line is within this range, its client wraps lines there."""

_ITEM = re.compile(r"\s*(?:[-*•–]|\(?\d{1,2}[.)]|[a-z][.)])\s")
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)
_ATTRIBUTION = re.compile(
    r"(?:On\b.{6,300}\bwrote|Am\b.{6,300}\bschrieb.{0,150}|Le\b.{6,300}\ba écrit"
    r"|El\b.{6,300}\bescribió|Il\b.{6,300}\bha scritto"
    r"|Op\b.{6,300}\bschreef.{0,150}|Em\b.{6,300}\bescreveu"
    r"|.{0,200}<[^<>\s]{1,100}@[^<>\s]{1,100}>.{0,40}\bwrote)\s?:"
)
_SEPARATOR = re.compile(
    r"-{3,}\s?(?:Original|Forwarded|Reply) (?:Message|mail)\s?-{3,}|-{5,} ?Forwarded message ?-{5,}"
    r"|Begin forwarded message:|-{3,}\s?Ursprüngliche Nachricht\s?-{3,}",
    re.I,
)
_FORWARDED = re.compile(
    r"-{3,}\s?Forwarded (?:Message|mail)\s?-{3,}|Begin forwarded message:", re.I
)
_HEADER = re.compile(
    r"\*?(From|Sent|To|Cc|Date|Subject|Von|Gesendet|An|Betreff|De|Envoyé|À|Objet):\*?\s", re.I
)
_FIRST_HEADER = re.compile(r"\*?(?:From|Von|De):\*?\s", re.I)
_SIGN_OFF = re.compile(
    r"(?:(?:kind(?:est)?|best|warm(?:est)?|many|with (?:kind|best|warm)) )?regards|"
    r"best(?: wishes)?|all the best|cheers|sincerely(?: yours)?|"
    r"yours (?:sincerely|truly|faithfully)|"
    r"(?:many |with |warm )?thanks(?: (?:so much|a lot|again|in advance|and regards|& regards))?|"
    r"thank you(?: (?:so much|very much|again|in advance))?|thx|br|rgds|take care|talk soon|"
    r"respectfully|cordially|greetings|mit freundlichen grüßen|viele grüße|cordialement|saludos",
    re.I,
)
_SENT_FROM = re.compile(
    r"(?:Sent (?:from|via|with) (?:my |the )?\S.{0,60}|Get Outlook for .{1,40})", re.I
)
_SMALL_PRINT = re.compile(
    r"(?:confidential(?:ity)?(?: notice| note)?\b|disclaimer\b|legal notice\b|notice:"
    r"|important notice"
    r"|this (?:e-?mail|message|communication)[^?]{0,80}(?:confidential|privileged|intended)"
    r"|the (?:information|contents?) (?:contained )?(?:in|of) this (?:e-?mail|message)"
    r"|please consider the environment)",
    re.I,
)
_DEGREES = re.compile(r"(?:(?:Prof|Dr|Mr|Mrs|Ms|Mag|Dipl|Ing)\b\.?(?:-Ing\.)?\s*)+(?=[^\W\d_])")
"""Titles before a name, which are not part of it."""
LONGEST_TITLE = 90
MOST_TITLES = 6
_BARS = re.compile(r"[|·•]")
_OTHER_WAYS = re.compile(r"@|https?:|www\.|\b(?:fax|hrb|vat|reg(?:istered|\.? no)?)\b", re.I)
"""Signature lines with an address we have, a website or the company's registrations."""
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")


@dataclass(frozen=True, slots=True)
class Written:
    """`text`: the new words. `signed`: the name under them, empty if none. `titles`: what else the
    signature tells, item by item: a title, a company, a town, a number."""

    text: str
    signed: str = ""
    titles: tuple[str, ...] = ()


def written(body: str, sender: str = "", ours: Collection[str] = ()) -> Written:
    """The new words of a body; the whole body if there would be none.

    `sender`: the sender's name. `ours`: addresses whose words are not new when forwarded.
    """
    lines = [_clean(line) for line in re.split(r"\r\n|\r|\n", body)]
    own, passed_on = _passed_on(lines, ours)
    kept, under = _unsigned(_unquoted(own), sender)
    if passed_on:
        kept += ["", *_unsigned(_unquoted(passed_on), "")[0]]
    text = _joined(_unwrapped(kept))
    under = [piece.strip() for line in under for piece in _BARS.split(line) if piece.strip()]
    signed = _name(under)
    return Written(text or _joined(_signs_gone(lines)), signed, _titles(under, signed))


def _passed_on(lines: list[str], ours: Collection[str]) -> tuple[list[str], list[str]]:
    """The mail's own lines, and those it forwards, which are there to be read."""
    for n, line in enumerate(lines):
        if not _FORWARDED.match(line.strip()) or not any(k.strip() for k in lines[:n]):
            continue
        start = next((k for k in range(n + 1, len(lines)) if lines[k].strip()), len(lines))
        end = start
        while end < len(lines) and _HEADER.match(lines[end].strip()):
            end += 1
        header = " ".join(lines[start:end]).lower()
        return lines[:n], [] if any(address in header for address in ours) else lines[end:]
    return lines, []


def _clean(line: str) -> str:
    return _INVISIBLE.sub("", line.replace("\u00a0", " "))[:LONGEST_LINE].rstrip()


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_OPENS_ANEW = frozenset(
    "do does did can could what how is are will would which who where when why i we also please"
    " thanks".split()
)
"""Begin a sentence of a writer who uses no capitals, unless the line before is unfinished."""
_UNFINISHED = re.compile(
    r"(?:[,:;(-]|\b(?:and|or|but|that|if|whether|because|as|when|where|while|which|who|what|how|than"
    r"|before|after|until|since|so|to|of|for|with|in|on|at|from|by|about|the|an?|do|does|can|know))"
    r"\s*$"
)


def _unwrapped(lines: list[str]) -> list[str]:
    """Rejoin lines that a client or its writer wrapped: those whose next word would not have
    fitted, and long ones that the next line goes on from in lower case."""
    width = max((len(line) for line in lines if len(line) <= WIDEST), default=0)
    made: list[str] = []
    broken = False
    for n, line in enumerate(lines):
        if broken and line.strip() and not _ITEM.match(line):
            made[-1] += f" {line.strip()}"
        else:
            made.append(line)
        after = lines[n + 1].split(maxsplit=1)[:1] if n + 1 < len(lines) else []
        fits = not after or len(line) + 1 + len(after[0]) <= width
        goes_on = bool(after) and after[0][:1].islower() and len(line) >= NARROWEST
        goes_on = goes_on and (after[0] not in _OPENS_ANEW or bool(_UNFINISHED.search(line)))
        broken = width >= NARROWEST and bool(line.strip()) and len(line) <= WIDEST
        broken = broken and (goes_on or not fits)
    return made


def _signs_gone(lines: list[str]) -> list[str]:
    """For a mail without new words, its quoted ones: forwarded words are there to be read."""
    own = [line for line in lines if not line.lstrip().startswith(">")]
    own = [line for line in own if not (_ATTRIBUTION.match(line) or _SEPARATOR.match(line))]
    return [line for line in own if not _HEADER.match(line)]


def _unquoted(lines: list[str]) -> list[str]:
    kept: list[str] = []
    n = 0
    while n < len(lines):
        line = lines[n].strip()
        if _SEPARATOR.match(line) or _headers_begin(lines, n):
            while kept and re.fullmatch(r"\s*_{5,}\s*|\s*", kept[-1]):
                kept.pop()
            return kept  # these clients do not mark quoted lines: the rest is a quote
        if taken := _attribution(lines, n):
            n += taken
            if not any(rest.lstrip().startswith(">") for rest in lines[n : n + 4]) and any(kept):
                return kept
            continue
        if not line.startswith(">"):
            kept.append(lines[n])
        elif _pointed_at(lines, n):
            kept.append(line.lstrip("> "))
        elif kept and kept[-1]:
            kept.append("")
        n += 1
    return kept


def _pointed_at(lines: list[str], n: int) -> bool:
    """Whether a quoted line names one time that the words right below accept: "that one please"."""
    below = next((line.strip() for line in lines[n + 1 : n + 3] if line.strip()), "")
    return bool(_POINTS.match(below)) and len(_TIME.findall(lines[n])) == 1


_POINTS = re.compile(
    r"(?:yes,? |ok(?:ay)?,? |let's (?:do|take) )?(?:that|this)\b"
    r"|(?:works|perfect|sounds good|good for (?:me|us)|fine (?:for|with) (?:me|us))\b",
    re.I,
)
_TIME = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b[^?]{0,30}?\d{1,2}(?::\d\d)? ?[ap]\.?m\b", re.I
)


def _attribution(lines: list[str], n: int) -> int:
    """The number of lines of the attribution "On … wrote:" that begins here; 0 if none does."""
    whole = ""
    for taken, line in enumerate(lines[n : n + 3], start=1):
        whole = f"{whole} {line.strip()}".strip()
        if not line.strip() or len(whole) > 500:
            return 0
        if whole.endswith(":"):
            return taken if _ATTRIBUTION.fullmatch(whole) else 0
    return 0


def _headers_begin(lines: list[str], n: int) -> bool:
    """Whether the header of a quoted mail begins here: From and at least two more."""
    if not _FIRST_HEADER.match(lines[n].strip()):
        return False
    following = [line.strip() for line in lines[n : n + 8] if line.strip()]
    found = {m[1].lower() for line in following if (m := _HEADER.match(line))}
    return len(found) >= 3


def _unsigned(lines: list[str], sender: str) -> tuple[list[str], list[str]]:
    """The lines above the signature, and the signature's lines, the name first."""
    for n, line in enumerate(lines):
        if line.rstrip() in ("--", "—", "__") and any(k.strip() for k in lines[:n]):
            kept, under = _signed_off(_print_gone(lines[:n]), sender)
            return kept, [*under, *(k.strip() for k in lines[n + 1 :] if k.strip())]
    return _signed_off(_print_gone(lines), sender)


def _print_gone(lines: list[str]) -> list[str]:
    """Remove device lines at the end, and disclaimer paragraphs."""
    asked = max((n for n, line in enumerate(lines) if "?" in line), default=-1)
    for n in range(asked + 1, len(lines)):
        if _SMALL_PRINT.match(lines[n].strip()) and any(k.strip() for k in lines[:n]):
            lines = lines[:n]
            break
    kept = list(lines)
    while kept and (not kept[-1].strip() or _SENT_FROM.fullmatch(kept[-1].strip())):
        kept.pop()
    return kept


def _signed_off(lines: list[str], sender: str) -> tuple[list[str], list[str]]:
    """Split at a sign-off, or at the sender's own name, if it is alone on its line with only a few
    short lines below it."""
    for n in range(len(lines) - 1, max(-1, len(lines) - 2 * SIGNATURE_LINES), -1):
        line = lines[n].strip().rstrip(" ,.!-–")
        named = (
            bool(line)
            and f"{sender} ".lower().startswith(f"{line} ".lower())
            and any(k.strip() for k in lines[:n])
        )
        if not named and not _SIGN_OFF.fullmatch(line):
            continue
        under = [k.strip() for k in lines[n if named else n + 1 :] if k.strip()]
        above = next((k.strip() for k in reversed(lines[:n]) if k.strip()), "")
        if named and _SIGN_OFF.fullmatch(above.rstrip(" ,.!-–")):
            continue
        if len(under) <= SIGNATURE_LINES and not any("?" in u or len(u) > 100 for u in under):
            return lines[:n], under
    return lines, []


def _name(under: list[str]) -> str:
    """The name a signature begins with, in full if it is repeated in full."""
    shown = [_DEGREES.sub("", k.strip(" -–,*")) for k in under[:2]]
    names = [k for k in shown if len(k) <= 60 and _NAME.fullmatch(k)]
    if not names or names[0] != shown[0]:
        return ""
    return names[-1] if names[-1].startswith(f"{names[0]} ") else names[0]


def _titles(under: list[str], signed: str) -> tuple[str, ...]:
    """What is under a name, except websites, registrations and disclaimers."""
    told = [_DEGREES.sub("", k.strip(" -–,*|")) for k in under]
    told = [k for k in told if k and not signed.startswith(k) and len(k) <= LONGEST_TITLE]
    return tuple(k for k in told if not (_OTHER_WAYS.search(k) or _SMALL_PRINT.match(k)))[
        :MOST_TITLES
    ]
