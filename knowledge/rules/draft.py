"""An unpublished change of rules: the sections it changes, its authors, and its base."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from knowledge.article_text import front_of, split_article
from knowledge.rules.sections import NotSections, mark, section, spans, with_sections

DRAFT = "drafts/company.yaml"
_HEAD = (
    "# Criteria and routing that are not published yet; the console shows what they would change.\n"
)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """The changed sections. `base`: hashes of the sections when the draft was started."""

    by: tuple[str, ...] = ()
    """Everyone who worked on it."""
    at: str = ""
    """UTC instant of the last change."""
    base: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)

    def over(self, profile: str) -> str:
        """The profile with this draft applied."""
        return with_sections(profile, self.sections)

    def overtaken(self, profile: str) -> tuple[str, ...]:
        """Its sections that somebody has changed in the profile since."""
        return tuple(n for n in self.sections if self.base.get(n) != mark(section(profile, n)))

    def with_changed(
        self, profile: str, new: Mapping[str, str], actor: str, at: str
    ) -> "RuleDraft":
        """The draft with these sections added; one equal to the profile's is dropped from it."""
        sections, base = dict(self.sections), dict(self.base)
        for name, text in new.items():
            stands = section(profile, name)
            sections[name] = text.rstrip("\n") + "\n"
            base.setdefault(name, mark(stands))
            if mark(text) == mark(stands):
                del sections[name], base[name]
        return RuleDraft(tuple(dict.fromkeys((*self.by, actor))), at, base, sections)

    def text(self) -> str:
        """The draft as stored in its file."""
        told = {"by": list(self.by), "at": self.at, "base": dict(self.base)}
        front = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
        return f"---\n{_HEAD}{front}---\n" + "\n".join(self.sections.values())


def read_draft(text: str) -> RuleDraft:
    """The draft in a file's text. Raises: NotSections."""
    front, parts = front_of(text), split_article(text)
    base, by = front.get("base"), front.get("by")
    if parts is None or not isinstance(base, dict) or not isinstance(by, list):
        raise NotSections(f"{DRAFT} is no draft of rules: remove it and begin anew")
    body = parts[1]
    sections = {name: body[start:end] for name, (start, end) in spans(body).items()}
    return RuleDraft(
        tuple(str(person) for person in by), str(front.get("at", "")),
        {str(name): str(value) for name, value in base.items()}, sections,
    )  # fmt: skip
