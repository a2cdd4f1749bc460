"""`voice-agent knowledge …`: the commands that govern what the agent may say."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from knowledge.entry import ArticleType
from knowledge.importing.proposal import Format
from voice_agent.config import Settings

EPILOG = """\
a version's way:  new → (edit the file) → submit → approve → publish → retire
                  --as names who acts; an approver must not be an author
files:            articles/ what is live · drafts/ what is being written
                  history/ every version that was live · audit.jsonl who did what
exit code:        0 done · 1 refused, or something is wrong · 2 not understood"""


def arguments(root: argparse.ArgumentParser) -> None:
    """Add the `knowledge` commands."""
    root.description = "Write, approve, publish and examine what the agent may say."
    root.epilog = EPILOG
    root.formatter_class = argparse.RawDescriptionHelpFormatter
    _company(root)
    verbs = root.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, does: str, *, article: bool = True, acts: bool = False
    ) -> argparse.ArgumentParser:
        parser = verbs.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        if article:
            parser.add_argument("article", metavar="ID", help="id of the article")
        if acts:
            parser.add_argument(
                "--as", dest="actor", required=True, metavar="PERSON",
                help="who acts: the id of a rep or steward in company.yaml",
            )  # fmt: skip
        _company(parser)
        parser.set_defaults(command=_command, verb=name)
        return parser

    _looking(add)
    _acting(add)


def _company(parser: argparse.ArgumentParser) -> None:
    """Add the folder, before or after the verb."""
    parser.add_argument(
        "--company", type=Path, default=argparse.SUPPRESS, help="company folder; default: "
        "VOICE_AGENT_COMPANY, or the sample",
    )  # fmt: skip


def _looking(add: Callable[..., argparse.ArgumentParser]) -> None:
    listed = add("list", "list the articles and where each stands", article=False)
    listed.add_argument("--status", help="only draft, in_review, approved, published or retired")
    listed.add_argument("--owner", metavar="PERSON", help="only what this person owns")
    listed.add_argument("--topic", help="only articles on this topic")
    show = add("show", "show an article as it is live, as a draft, or as it was")
    show.add_argument("--version", default="", help="a number, `live` or `draft`; default live")
    diff = add("diff", "show what differs between two versions, passage by passage")
    diff.add_argument("old", nargs="?", default="live", help="a number, `live` or `draft`")
    diff.add_argument("new", nargs="?", default="draft", help="a number, `live` or `draft`")
    add("history", "show every version of an article and who did what to it")
    audit = add("audit", "show the audit trail, or verify it", article=False)
    audit.add_argument("--article", metavar="ID", help="only entries of this article")
    audit.add_argument("--last", type=int, default=20, metavar="N", help="entries shown (20)")
    audit.add_argument("--verify", action="store_true", help="check the chain and what is kept")
    audit.add_argument("--head", default="", metavar="HASH", help="a hash the chain must contain")
    add("edit-check", "check a draft, and ask the golden questions with it")
    linted = add(
        "lint", "list what is expired, contradictory, uncovered or hard to say", article=False
    )
    linted.add_argument(
        "--ignore", action="append", default=[], metavar="KIND", help="leave these findings out"
    )
    add("golden", "ask the golden questions of what is live", article=False)
    audited = add(
        "questions", "hold tickets, chats and lost deals of other systems against what is "
        "published; what nothing answers joins the gaps", article=False,
    )  # fmt: skip
    audited.add_argument(
        "exports", nargs="*", type=Path, metavar="FILE", help="CSV, JSON or JSON lines as Zendesk, "
        "Intercom, HubSpot, Freshdesk or Salesforce export them, transcripts (.txt), or a folder",
    )  # fmt: skip
    audited.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN",
                         help="where names do not tell: text, reason, note, at, id, amount, "
                         "currency, stage or who")  # fmt: skip
    audited.add_argument("--source", metavar="NAME", help="what to call it; default: the file")
    audited.add_argument("--dry-run", action="store_true", help="tell what was found, keep nothing")
    audited.add_argument("--forget", default="", metavar="NAME", help="drop what it had brought")
    asked = add("gaps", "list unanswered questions, or start an article on one", article=False)
    asked.add_argument(
        "action", nargs="?", choices=("draft", "answered"),
        help="begin a draft of gap N, or add its wordings to the article that answers it already",
    )  # fmt: skip
    asked.add_argument("--by", default="", metavar="ARTICLE#N", help="that article and its passage")
    asked.add_argument("number", nargs="?", type=int, metavar="N", help="its number in the list")
    asked.add_argument("--as", dest="actor", metavar="PERSON", help="who writes the draft")
    asked.add_argument("--id", default="", help="id of the new article; default: from its wording")
    asked.add_argument("--days", type=int, metavar="N", help="only questions of the last N days")
    asked.add_argument("--last", type=int, default=20, metavar="N", help="gaps shown (20)")
    worded = add(
        "wordings", "have the language model suggest how buyers ask for each passage, and tell "
        "which suggestions would help", article=False,
    )  # fmt: skip
    worded.add_argument("articles", nargs="*", metavar="ID", help="ids of articles; default: all")
    worded.add_argument("--as", dest="actor", default="", metavar="PERSON",
                        help="write them into drafts, as this rep or steward")  # fmt: skip
    worded.add_argument("--most", type=int, default=6, metavar="N", choices=range(1, 9),
                        help="suggestions per passage, 1 to 8 (6)")  # fmt: skip
    worded.add_argument("--below", type=int, default=8, metavar="N",
                        help="only passages with fewer wordings than this (8)")  # fmt: skip
    for each in (audited, asked):
        each.add_argument("--var", type=Path, help="folder of the database")


def _acting(add: Callable[..., argparse.ArgumentParser]) -> None:
    new = add("new", "begin a draft: of a new article, or of the next version", acts=True)
    new.add_argument(
        "--type", default="capability", choices=get_args(ArticleType), help="for a new one"
    )
    new.add_argument("--title", help="title; for a new one")
    new.add_argument("--owner", metavar="PERSON", help="who owns it; default: who acts")
    add("submit", "put a draft before a reviewer", acts=True)
    add("approve", "approve a version somebody else wrote", acts=True)
    reject = add("reject", "send a version back to its author", acts=True)
    reject.add_argument("--reason", required=True, help="what has to change")
    publish = add("publish", "make an approved version live", acts=True)
    publish.add_argument(
        "--override", default="", metavar="WHY", help="publish although golden questions get worse"
    )
    retire = add("retire", "take a live article out of use", acts=True)
    retire.add_argument("--reason", required=True, help="why it must not be said any more")
    rollback = add("rollback", "bring the words of an earlier version back", acts=True)
    rollback.add_argument("--to", type=int, required=True, metavar="N", help="the earlier version")
    rollback.add_argument(
        "--emergency", default="", metavar="WHY",
        help="publish at once, on the approval it once had; recorded in the trail",
    )  # fmt: skip
    taken = add(
        "import", "make drafts of documents, price lists and calls", article=False, acts=True
    )
    taken.add_argument(
        "documents", nargs="+", metavar="FILE", help="file, folder or URL: "
        "Markdown, HTML, PDF, Word, PowerPoint, CSV price list, call document (JSON) or "
        "transcript (.txt)",
    )  # fmt: skip
    taken.add_argument("--owner", metavar="PERSON", help="who owns new articles; default: who acts")
    taken.add_argument("--type", choices=get_args(ArticleType), default="capability",
                       help="what kind of articles; prices are always of type price")  # fmt: skip
    taken.add_argument("--format", choices=get_args(Format),
                       help="what the documents are, where their names do not tell")  # fmt: skip
    taken.add_argument("--source", metavar="NAME", help="what to call the document, e.g. its URL")
    taken.add_argument("--currency", default="", help="currency of a price list that names none")
    taken.add_argument("--ours", action="append", default=[], metavar="NAME",
                       help="a name by which one of us stands in a transcript")  # fmt: skip
    taken.add_argument(
        "--dry-run", action="store_true", help="show what would be made, write nothing"
    )
    add("restore", "put the approved text back after an edit past the rules", acts=True)
    add("adopt", "begin the audit trail of a hand-written folder", article=False, acts=True)


def _command(settings: Settings, arguments: argparse.Namespace) -> int:
    from voice_agent.commands.knowledge_acts import run

    return run(settings, arguments)
