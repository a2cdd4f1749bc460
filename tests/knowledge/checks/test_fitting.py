"""Faults of the compatibility matrix and the scenarios, and of several parts of a file at once."""

from pathlib import Path

import pytest

from knowledge.errors import CompanyInvalid
from knowledge.load import load
from tests.core.talk import SAMPLE


def faults(tmp_path: Path, *edits: tuple[str, str]) -> list[str]:
    """Keys and remedies of the sample's problems after edits of its profile."""
    text = (SAMPLE / "company.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "company.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "articles").symlink_to(SAMPLE / "articles")
    with pytest.raises(CompanyInvalid) as found:
        load(tmp_path)
    return [f"{p.key} {p.expected}; {p.remedy}" for p in found.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[warehouse, database]", "[warehose]", "Did you mean `warehouse`?"),
        ("article: mysql", "article: my-sequel", "the id of an article"),
        ("tools: [Excel]", "tools: [Exel]", "Did you mean `Excel`?"),
        ("tools: [Excel]", "tools: [Snowflake]", "each tool once"),
        ("value: lead routing", "value: lead routin", "Did you mean `lead routing`?"),
        ("because: \"changes arrive", "# because: \"changes arrive", "what is missing"),
        ("signal: location", "label: x\n    signl: location", "Did you mean `signal`?"),
    ],
)  # fmt: skip
def test_a_fault_of_what_fits_is_told_with_its_remedy(tmp_path, old, new, told):
    assert any(told in fault for fault in faults(tmp_path, (old, new)))


def test_faults_of_type_and_of_reference_are_told_at_once(tmp_path):
    found = faults(
        tmp_path,
        ("capacity: 15", "capacity: many"),
        ("agent_name:", "agent_nme: x\n  agent_name:"),
        ("default_owner: maya-lindqvist", "default_owner: maya-lindquist"),
        ("value: customer 360", "value: customer 365"),
    )
    for key in ("team.0.capacity", "voice.agent_nme", "default_owner", "scenarios.2.value"):
        assert any(fault.startswith(key) for fault in found), found
