"""The company's other systems in `company.yaml`: each fault named by line, key and remedy."""

from pathlib import Path

import pytest

from knowledge.edited import with_sections
from knowledge.errors import CompanyInvalid
from tests.core.talk import sample

HOOK = "systems:\n  webhooks:\n    - {id: ops, url: 'https://ops.example/hook'"


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("systems: {notices: {slack_channel: '#sales'}}\n", "systems.notices.slack_channel",
         "a name such as #sales is no id"),
        ("systems: {notices: {slack_users: {nobody: U0123456789}}}\n",
         "systems.notices.slack_users.nobody", "Use an id of `team`"),
        ("systems: {notices: {slack_users: {maya-lindqvist: '@maya'}}}\n",
         "systems.notices.slack_users.maya-lindqvist", "member ID"),
        (f"{HOOK}}}\n    - {{id: ops, url: 'https://b.example'}}\n", "systems.webhooks.1.id",
         "Rename it"),
        ("systems: {webhooks: [{id: a/b, url: 'https://a.example'}]}\n", "systems.webhooks.0.id",
         "Rename it"),
        ("systems: {webhooks: [{id: a, url: 'http://a.example'}]}\n", "systems.webhooks.0.url",
         "Use https"),
        ("systems: {webhooks: [{id: a, url: 'ftp://127.0.0.1'}]}\n", "systems.webhooks.0.url",
         "Use https"),
        (f"{HOOK}, events: [Verdict]}}\n", "systems.webhooks.0.events", "voice-agent check"),
        ("systems: {nurture: {after_days: 0}}\n", "systems.nurture.after_days", ""),
        ("systems: {webhoks: []}\n", "systems.webhoks", "Did you mean `webhooks`?"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_remedy(tmp_path: Path, text, key, remedy):
    file = tmp_path / "edited.yaml"
    file.write_text(text)
    with pytest.raises(CompanyInvalid) as caught:
        with_sections(sample(), file)
    (problem,) = caught.value.problems
    assert problem.key == key and remedy in problem.remedy and problem.line


def test_what_is_right_is_taken(tmp_path: Path):
    file = tmp_path / "edited.yaml"
    file.write_text(f"{HOOK}, events: [verdict.reached, 'meeting.*']}}\n"
                    "    - {id: here, url: 'http://127.0.0.1:9000/x'}\n")  # fmt: skip
    company = with_sections(sample(), file)
    assert [hook.id for hook in company.systems.webhooks] == ["ops", "here"]
