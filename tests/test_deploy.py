"""What is shipped for operations fits the server: names, times, metrics, codes."""

import ast
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from kubernetes_validate import validate
from prometheus_client.parser import text_string_to_metric_families

from core.projections.spans import NAMES
from knowledge.load import load
from tests.catalogue import ADD, METRICS, SPANS
from tests.catalogue import ALARMS as CATALOGUED
from tests.catalogue import scraped as scraped_metrics
from voice_agent.app import built
from voice_agent.config import Settings
from voice_agent.server.serving import DRAIN_S

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
RUNBOOK = (DEPLOY / "runbook.md").read_text()
ALARMS = yaml.safe_load((DEPLOY / "prometheus" / "alarms.yaml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((DEPLOY / "grafana" / "voice-agent.json").read_text())
KNOWN = {f.alias or f"VOICE_AGENT_{n.upper()}" for n, f in Settings.model_fields.items()}
SERVERS_OWN = re.compile(r"\b(?:VOICE_AGENT|TWILIO|OPENAI)_[A-Z_]*[A-Z]\b")
TARGET = "1.33"
"""The Kubernetes version the manifests are held against."""


def manifests() -> list[dict[str, Any]]:
    files = [p for p in sorted(KUBERNETES.glob("*.yaml")) if p.name != "kustomization.yaml"]
    return [made for path in files for made in yaml.safe_load_all(path.read_text())]


def of_kind(kind: str) -> dict[str, Any]:
    return next(made for made in manifests() if made["kind"] == kind)


@pytest.mark.parametrize("made", manifests(), ids=lambda m: f"{m['kind']}-{m['metadata']['name']}")
def test_every_manifest_is_what_kubernetes_takes(made: dict[str, Any]):
    validate(made, TARGET, strict=True)


def test_the_kustomization_names_every_manifest_but_the_example():
    named = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    there = {p.name for p in KUBERNETES.glob("*.yaml")}
    assert {*named} == there - {"kustomization.yaml", "secret.example.yaml"}


def test_the_compose_file_is_one():
    with CliRunner().isolation():
        with pytest.raises(SystemExit) as left:
            check_jsonschema(
                ["--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")]
            )
    assert left.value.code in (0, None)


@pytest.mark.parametrize("path", [p for p in DEPLOY.rglob("*") if p.is_file()], ids=str)
def test_only_settings_that_exist_are_set_or_named(path: Path):
    named = set(SERVERS_OWN.findall(path.read_text()))
    assert named <= KNOWN, named - KNOWN


def test_no_restart_kills_a_server_that_still_drains():
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    before = float(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > before + DRAIN_S
    assert COMPOSE["services"]["server"]["stop_grace_period"] == "11m" and DRAIN_S < 11 * 60
    unit = (DEPLOY / "systemd" / "voice-agent.service").read_text()
    assert float(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > DRAIN_S


def test_the_image_is_what_compose_and_kubernetes_expect():
    image = (DEPLOY / "Dockerfile").read_text()
    (user,) = re.findall(r"^USER (\d+):\d+$", image, re.MULTILINE)
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == int(user)
    (port,) = re.findall(r"^EXPOSE (\d+)$", image, re.MULTILINE)
    assert pod["containers"][0]["ports"][0]["containerPort"] == int(port)
    assert COMPOSE["services"]["server"]["expose"] == [port]
    probes = [pod["containers"][0][f"{p}Probe"]["httpGet"]["path"] for p in
              ("readiness", "startup", "liveness")]  # fmt: skip
    assert probes == ["/readyz", "/healthz", "/healthz"]


def test_the_image_can_back_up_the_database_of_compose():
    image = (DEPLOY / "Dockerfile").read_text()
    assert 'apt-get install -y --no-install-recommends "postgresql-client-$POSTGRES"' in image
    (version,) = re.findall(r"^ARG POSTGRES=(\d+)$", image, re.MULTILINE)
    assert COMPOSE["services"]["database"]["image"] == f"postgres:{version}-bookworm"
    assert version == "17", "no PostgreSQL starts on a volume of another version: say how to move"


def test_an_empty_volume_begins_with_the_sample_company_and_a_full_one_is_left(tmp_path: Path):
    (begin,) = of_kind("Deployment")["spec"]["template"]["spec"]["initContainers"]
    company = tmp_path / "company.yaml"

    def begun() -> None:
        env = {"PATH": os.environ["PATH"], "VOICE_AGENT_COMPANY": str(tmp_path)}
        subprocess.run(begin["command"], check=True, cwd=ROOT, env=env)

    begun()
    assert load(tmp_path).articles
    company.write_text("ours")
    begun()
    assert company.read_text() == "ours"


def test_everything_the_image_copies_is_let_through_to_the_build():
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for name in kept)
    assert {"requirements.lock", "pyproject.toml", "voice_agent", "core", "knowledge"} <= {*kept}


def test_commands_beside_the_server_find_its_company_folder():
    server = COMPOSE["services"]["server"]
    folder = server["environment"]["VOICE_AGENT_COMPANY"]
    assert any(volume.endswith(f":{folder}") for volume in server["volumes"])
    assert "command" not in server


def expressions() -> list[str]:
    of_panels = [t["expr"] for panel in DASHBOARD["panels"] for t in panel.get("targets", ())]
    return [*of_panels, *(rule["expr"] for rule in ALARMS)]


def error_codes() -> set[str]:
    """Every class attribute `code` of an error in our packages."""
    found: set[str] = set()
    for layer in ("voice_agent", "core", "knowledge"):
        for path in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.ClassDef):
                    continue
                for line in node.body:
                    if (
                        isinstance(line, ast.Assign)
                        and isinstance(line.targets[0], ast.Name)
                        and line.targets[0].id == "code"
                        and isinstance(line.value, ast.Constant)
                    ):
                        found.add(str(line.value.value))
    return found


def test_the_runbook_tells_of_every_error_code_and_of_no_other():
    table = RUNBOOK.split("## Error codes")[1]
    told = {code for row in re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)
            for code in re.findall(r"`([a-z-]+)`", row)}  # fmt: skip
    assert told == error_codes()


def test_the_runbook_tells_what_to_do_about_every_alarm():
    told = re.findall(r"^### (\w+)$", RUNBOOK, re.MULTILINE)
    assert told == [rule["alert"] for rule in ALARMS]


def test_the_catalogue_tells_of_every_alarm_and_what_it_asks():
    def asked(expression: str) -> set[str]:
        found = re.findall(r"\bvoice_agent_\w+|\bup\b", expression)
        return {name.removesuffix("_bucket") for name in found}

    rules = {r["alert"]: (r["labels"]["severity"], asked(r["expr"])) for r in ALARMS}
    assert rules == CATALOGUED, ADD
    assert {n for _, names in rules.values() for n in names} <= {*METRICS, "up"}


def test_the_catalogue_tells_of_every_span_there_is():
    assert [*SPANS] == [*NAMES], ADD


@pytest.mark.real_clock
async def test_dashboard_and_alarms_ask_only_for_metrics_a_server_has(tmp_path: Path):
    async with built(Settings(_env_file=None, var=tmp_path, tts="espeak", stt="sphinx")) as server:
        transport = httpx.ASGITransport(app=server.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            scraped = (await client.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(scraped)}
    there = {name + end for name in families for end in ("", "_total", "_bucket", "_sum", "_count")}
    asked = {name for text in expressions() for name in re.findall(r"\bvoice_agent_\w+", text)}
    assert asked and asked <= there, asked - there
    assert all(family.documentation for family in families.values())
    registered = {name: kind for name, (kind, _) in scraped_metrics(scraped).items()}
    assert registered == {name: kind for name, (kind, _) in METRICS.items()}, ADD
