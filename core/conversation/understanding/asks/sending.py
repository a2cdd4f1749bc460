"""Whether something should be sent, or is a paper that somebody has to write. Pure."""

import re
from typing import Literal

from core.conversation.understanding.asks.in_writing import only_in_writing

_MAILED = re.compile(
    r"\b(?:send|e-?mail|mail|forward)(?: (?:me|us|it|that|over)\b| them(?= over| to (?:me|us)\b"
    r"| across"
    r"|[ .?!]*$)| (?:[\w']+ ){1,5}(?:over )?to (?:me|us)\b)"
    r"|\b(?:in|by|via|as|over) (?:an? )?e-?mail\b|\b(?:get|want|prefer|receive) an e-?mail\b"
)
_PAPER = re.compile(
    r"\b(?:send|share|forward|e-?mail|mail|get|give|have|prepare|provide|make|draw up|put together"
    r"|needs?|wants?|like|receive|asks? for|asking for|looking for"
    r"|after|could use|request\w*|submit"
    r"|(?:work|write|draw)(?: (?:me|us))? up)\b(?: [\w']+){0,4}? (?:proposal|bid|quote"
    r"|quotation|offer|estimate|contract|agreement|order form|msa|nda|sow"
    r"|statement of work|questionnaire|paperwork|invoice"
    r"|draft|business case)\b"
    r"|\b(?:complete|fill (?:in|out)|sign)\b(?: [\w']+){0,4}? (?:questionnaire|forms?|assessment"
    r"|survey|sig(?: lite)?|caiq|template|spreadsheet|nda|agreement|contract|document)\b"
)
_THERE = re.compile(
    r"\b(?:send|e-?mail|mail|forward|share)(?: with)?(?: (?:me|us|over|it|along))*"
    r"(?: [\w']+){0,4}? (?:price lists?|prices?|pricing|brochures?|data ?sheets?|spec ?sheets?"
    r"|specs|specifications?|flyers?|leaflets?|catalog(?:ue)?s?|info(?:rmation)?|details"
    r"|documents?|documentation|docs|materials?|slides?|deck|presentation|one[- ]?pagers?"
    r"|case stud(?:y|ies)|white ?papers?|references?|reports?|overview|summary|links?|pdfs?"
    r"|drawings?|samples?|photos?|pictures?|list|stuff|packet|package|something)\b"
)
"""Asks for something that already exists to be sent."""
_QUOTE = re.compile(
    r"(?<!don't )(?<!not )\b(?:send|get|have|want|need|provide|prepare|make|request(?:ing)?)\b"
    r"(?: [\w']+){0,4} (?:quote|quotation)\b"
)
_SEND_US = re.compile(
    r"(?<!don't )(?<!not )\b(?:send|e-?mail|mail|forward)(?: over)? (?:me|us)\b(?! to\b)"
    r"|\be-?mails? only\b|\bonly (?:by |via |per )?e-?mail\b"
    rf"|{_QUOTE.pattern}"
)
"""Asks for it, even though a price or a paper of ours answered the question."""
_IN_WRITING = re.compile(r"\b(?:e-?mail|mail|send|writing|written)\b")


def wants_it_sent(question: str) -> bool:
    """Whether something should be mailed: "can you send me the price list"."""
    return _MAILED.search(question.lower()) is not None or only_in_writing(question)


def says_to_send(words: str) -> bool:
    """Whether a message asks to send something, whatever else it asks: "send me a quote"."""
    return _SEND_US.search(words.lower()) is not None


def says_a_quote(words: str) -> bool:
    """Whether a message asks for a quote."""
    return _QUOTE.search(words.lower()) is not None


def wanted(question: str) -> Literal["answer", "sent", "paper"]:
    """What settles a question that no article covers: an answer, something that exists, or a paper
    a person has to write."""
    asked = question.lower()
    if _PAPER.search(asked):
        return "paper"
    return "sent" if _THERE.search(asked) or only_in_writing(asked) else "answer"


def of_writing(question: str) -> bool:
    """Whether giving an address would accept it."""
    return _IN_WRITING.search(question.lower()) is not None
