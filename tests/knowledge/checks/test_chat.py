"""The chat's invitations in `company.yaml`: each fault named by line, key and remedy."""

from pathlib import Path

import pytest

from knowledge.edited import with_sections
from knowledge.errors import CompanyInvalid
from tests.core.talk import sample

ONE = "chat: {invitations: [{id: a, pages: [/pricing], text: Hm?"


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("chat: {invitations: [{id: a, text: Hm?}]}\n", "chat.invitations.0.pages", ""),
        ("chat: {invitations: [{id: a, pages: [], text: Hm?}]}\n", "chat.invitations.0.pages", ""),
        ("chat: {invitations: [{id: a, pages: [pricing], text: Hm?}]}\n",
         "chat.invitations.0.pages.0", ""),
        ("chat: {invitations: [{id: A b, pages: [/], text: Hm?}]}\n", "chat.invitations.0.id", ""),
        (f"{ONE}, after_seconds: 0}}]}}\n", "chat.invitations.0.after_seconds", ""),
        (f"{ONE}, scrolled: 80}}]}}\n", "chat.invitations.0.scrolled", ""),
        (f"{ONE}, scroled: 0.5}}]}}\n", "chat.invitations.0.scroled", "Did you mean `scrolled`?"),
        (f"{ONE}}}, {{id: a, pages: [/demo], text: Hm?}}]}}\n", "chat.invitations.1.id",
         "Rename one of the two."),
        (f"{ONE}}}, {{id: b, pages: [/pricing], text: Hm?, returning: true}}]}}\n",
         "chat.invitations.1.pages", "Put it before `a`"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_remedy(tmp_path: Path, text, key, remedy):
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    with pytest.raises(CompanyInvalid) as caught:
        with_sections(sample(), file)
    found = {p.key: p for p in caught.value.problems}
    assert key in found and remedy in found[key].remedy
    assert found[key].line and found[key].file


def test_a_rule_that_asks_for_more_may_stand_before_one_that_asks_for_less(tmp_path: Path):
    file = tmp_path / "edited.yaml"
    file.write_text(
        "chat: {invitations: [{id: back, pages: [/pricing], returning: true, text: Hm?},"
        " {id: any, pages: [/*], text: Hm?}]}\n"
    )
    company = with_sections(sample(), file)
    assert [one.id for one in company.chat.invitations] == ["back", "any"]
