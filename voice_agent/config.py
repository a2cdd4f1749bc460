"""Settings: the only reader of the environment, once, into frozen values."""

import os
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

SAMPLE_COMPANY = Path(__file__).resolve().parents[1] / "knowledge" / "company"


ADDRESSES = (
    "public_url", "hub_url", "llm_base_url", "stt_base_url", "tts_base_url", "embeddings_base_url",
    "nurture_url", "enrich_url", "google_calendar_url", "microsoft_graph_url",
    "microsoft_login_url", "twilio_api_url", "hubspot_base_url", "salesforce_instance_url",
    "salesforce_login_url", "otlp_endpoint",
)  # fmt: skip
"""Settings that are an address on the web."""
METRICS_SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that tells prometheus-client, on import, where processes put their metrics."""

for _switch in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY"):
    os.environ.setdefault(_switch, "1")  # noqa: TID251 - read by libraries as they are loaded


class Settings(BaseSettings):
    """Every setting with its default. Names in the environment carry the prefix `VOICE_AGENT_`."""

    model_config = SettingsConfigDict(
        env_prefix="VOICE_AGENT_",
        env_file=".env",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    company: Path = Field(SAMPLE_COMPANY, description="Company folder")
    var: Path = Field(Path("var"), description="Folder for the database, recordings and caches")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite under VAR")
    public_url: str = Field("", description="https URL at which Twilio reaches this server")
    host: str = Field("127.0.0.1", description="Address to listen on")
    trusted_proxies: str = Field(
        "",
        description="Proxies whose X-Forwarded-For is trusted: addresses or networks, "
        "space-separated; loopback always is",
    )
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    stt: Literal["auto", "whisper", "sphinx", "openai"] = Field(
        "auto", description="Hearing engine"
    )
    whisper_model: str = Field("small.en", description="Whisper model name or folder")
    tts: Literal["auto", "piper", "espeak", "openai"] = Field("auto", description="Speaking engine")
    piper_voice: str = Field(
        "", description="Piper voice: its name, en_US-lessac-medium, or the path of its .onnx"
    )
    models: str = Field("", description="Folder for speech models; empty: VAR/models")
    hub_url: str = Field(
        "https://huggingface.co",
        alias="HF_ENDPOINT",
        description="Model hub, or its mirror, for `voice-agent models fetch`",
    )
    hub_token: SecretStr = Field(
        SecretStr(""), alias="HF_TOKEN", description="Token for the model hub; empty: none"
    )
    llm: Literal["auto", "openai", "embedded"] = Field("auto", description="Wording engine")
    llm_reading: bool = Field(
        True, description="Whether a language model reads turns alongside the rules"
    )
    llm_model: str = Field("gpt-4o-mini", description="Language model name")
    llm_base_url: str = Field("", description="OpenAI-compatible base URL of the language model")
    llm_api_key: SecretStr = Field(
        SecretStr(""), description="Key of the language model; empty: OPENAI_API_KEY"
    )
    embeddings: Literal["auto", "local", "openai", "words"] = Field(
        "auto", description="What finds knowledge by meaning as well as by words; `words`: nothing"
    )
    sentence_model: str = Field(
        "sentence-transformers/all-MiniLM-L6-v2",
        description="Local sentence model: owner/name, or its folder",
    )
    embeddings_base_url: str = Field(
        "", description="OpenAI-compatible base URL of embeddings; empty: a local model, or words"
    )
    embeddings_model: str = Field("text-embedding-3-small", description="Embedding model name")
    embeddings_api_key: SecretStr = Field(
        SecretStr(""), description="Key of the embeddings; empty: OPENAI_API_KEY"
    )
    stt_base_url: str = Field("", description="OpenAI-compatible base URL of transcription")
    stt_model: str = Field("whisper-1", description="Transcription model name")
    stt_api_key: SecretStr = Field(
        SecretStr(""), description="Key of transcription; empty: OPENAI_API_KEY"
    )
    tts_base_url: str = Field("", description="OpenAI-compatible base URL of speech")
    tts_model: str = Field("tts-1", description="Speech model name")
    tts_voice: str = Field("alloy", description="Speech voice name")
    tts_api_key: SecretStr = Field(
        SecretStr(""), description="Key of speech; empty: OPENAI_API_KEY"
    )
    recordings: str = Field("", description="Folder for recordings; empty: VAR/recordings")
    recordings_key: SecretStr = Field(
        SecretStr(""),
        description="Keys that encrypt recordings, base64, the current one first; empty: none",
    )
    api_token: SecretStr = Field(
        SecretStr(""), description="Bearer token of the API; empty: generated at start"
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Key that signs tokens, the same on every server; empty: generated under VAR",
    )
    email_address: str = Field(
        "",
        description="Address buyers write to, without a plus part, at most 27 characters before "
        "the @; empty: no email",
    )
    email_smtp: SecretStr = Field(
        SecretStr(""),
        description="Mail server for replies: smtps://user:password@host:465, or smtp://…:587; "
        "a relay without TLS: smtp://host:25?tls=none",
    )
    email_imap: SecretStr = Field(
        SecretStr(""),
        description="Mailbox to read: imaps://user:password@host/INBOX; empty: none",
    )
    email_listen: str = Field("", description="host:port to receive mail on by SMTP; empty: none")
    email_inbound_secret: SecretStr = Field(
        SecretStr(""), description="Secret of POST /email/inbound; empty: refuses everybody"
    )
    email_authserv_id: str = Field(
        "",
        description="authserv-id of your mail system's Authentication-Results; proves senders",
    )
    email_approval: bool = Field(
        False, description="Replies wait as drafts until a person approves"
    )
    email_forms: str = Field(
        "", description="Addresses your own web forms write from; the buyer is in Reply-To"
    )
    email_replies_per_hour: int = Field(
        10, ge=1, description="Replies to one address per hour; further mails wait for a person"
    )
    oidc_issuer: str = Field(
        "", description="Identity provider of the console (OpenID Connect); empty: passwords only"
    )
    oidc_client_id: str = Field("", description="The console's client id at the provider")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="Its secret; empty: a public client"
    )
    oidc_roles: str = Field(
        "", description="Roles by group: group=role, comma-separated; *=rep makes everybody a rep"
    )
    oidc_claim: str = Field("groups", description="Claim that contains a person's groups")
    oidc_domains: str = Field(
        "", description="Email domains that may sign in, comma-separated; empty: all"
    )
    oidc_scopes: str = Field("openid email profile", description="Requested scopes")
    webhook_secrets: SecretStr = Field(
        SecretStr(""),
        description="Secrets of the webhooks in company.yaml: id=whsec_…, space-separated",
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""), alias="SLACK_BOT_TOKEN", description="Token of the Slack app, xoxb-…"
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""),
        alias="SLACK_SIGNING_SECRET",
        description="Signing secret of the Slack app; without it, buttons on cards do not work",
    )
    nurture_url: str = Field(
        "", description="Marketing system that receives nurture changes; empty: our own list only"
    )
    nurture_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for NURTURE_URL; empty: none"
    )
    enrich_csv: str = Field(
        "", description="CSV file of accounts that identifies a buyer's company; empty: none"
    )
    enrich_url: str = Field(
        "", description="Service that looks up a buyer's company by domain or name; empty: none"
    )
    enrich_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for ENRICH_URL; empty: none"
    )
    caldav_accounts: SecretStr = Field(
        SecretStr(""),
        description="Credentials of the reps' calendars: rep=user:password, or *=user:password",
    )
    google_calendar_key: str = Field(
        "", description="Key file of the Google service account for reps' calendars; empty: none"
    )
    google_calendar_url: str = Field(
        "https://www.googleapis.com/calendar/v3",
        description="Where Google's Calendar API is reached, for a proxy",
    )
    microsoft_tenant_id: str = Field(
        "", alias="MICROSOFT_TENANT_ID", description="Directory (tenant) ID of your Microsoft 365"
    )
    microsoft_client_id: str = Field(
        "",
        alias="MICROSOFT_CLIENT_ID",
        description="Application (client) ID for reps' calendars; empty: none",
    )
    microsoft_client_secret: SecretStr = Field(
        SecretStr(""), alias="MICROSOFT_CLIENT_SECRET", description="The value of its client secret"
    )
    microsoft_graph_url: str = Field(
        "https://graph.microsoft.com",
        alias="MICROSOFT_GRAPH_URL",
        description="Microsoft Graph; another in a national cloud",
    )
    microsoft_login_url: str = Field(
        "https://login.microsoftonline.com",
        alias="MICROSOFT_LOGIN_URL",
        description="Where Microsoft's tokens come from; another in a national cloud",
    )
    max_calls: int = Field(
        100, ge=1, description="Most concurrent calls; further ones hear the overflow line"
    )
    lag_limit_ms: float = Field(
        80.0, ge=0.0, description="Event loop lag above which no further call is taken; 0: no limit"
    )
    busy_limit_pct: float = Field(
        90.0,
        ge=0.0,
        le=100.0,
        description="Share of a core above which the event loop takes no further call; 0: no limit",
    )
    workers: int = Field(1, ge=1, description="Server processes behind the port, one per core")
    peer_host: str = Field(
        "",
        description="Address at which other servers reach this one; auto: as the database sees "
        "it; empty: its own workers only",
    )
    peer_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Port for other servers; worker n uses the n-th after it; 0: free ports",
    )
    drain_notice_s: float = Field(
        0.0,
        ge=0.0,
        description="Seconds a stopping server still takes calls, so that its balancer notices",
    )
    phone: Literal["auto", "on", "off"] = Field(
        "auto", description="Phone in the browser; auto: on unless PUBLIC_URL is set"
    )
    twilio_account_sid: str = Field("", alias="TWILIO_ACCOUNT_SID", description="Twilio account")
    twilio_auth_token: SecretStr = Field(
        SecretStr(""),
        alias="TWILIO_AUTH_TOKEN",
        description="Twilio auth token; with PUBLIC_URL and no token, webhooks get 403",
    )
    twilio_api_url: str = Field(
        "",
        alias="TWILIO_API_URL",
        description="Where Twilio's REST API is reached, for a proxy; empty: api.twilio.com",
    )
    crm: Literal["embedded", "hubspot", "salesforce"] = Field(
        "embedded", description="Where contacts, calls, meetings and tasks are written"
    )
    hubspot_access_token: SecretStr = Field(
        SecretStr(""), alias="HUBSPOT_ACCESS_TOKEN", description="Token of a HubSpot private app"
    )
    hubspot_base_url: str = Field(
        "https://api.hubapi.com", alias="HUBSPOT_BASE_URL", description="HubSpot's API"
    )
    salesforce_instance_url: str = Field(
        "",
        alias="SALESFORCE_INSTANCE_URL",
        description="Your org's address at Salesforce, https://NAME.my.salesforce.com",
    )
    salesforce_client_id: str = Field(
        "",
        alias="SALESFORCE_CLIENT_ID",
        description="Consumer key of a connected app with the client credentials flow",
    )
    salesforce_client_secret: SecretStr = Field(
        SecretStr(""), alias="SALESFORCE_CLIENT_SECRET", description="Its consumer secret"
    )
    salesforce_login_url: str = Field(
        "",
        alias="SALESFORCE_LOGIN_URL",
        description="Where tokens come from, if not the instance",
    )
    otlp_endpoint: str = Field(
        "",
        alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="OpenTelemetry collector for traces, http://host:4318; empty: no traces",
    )
    otlp_headers: SecretStr = Field(
        SecretStr(""),
        alias="OTEL_EXPORTER_OTLP_HEADERS",
        description="Headers for the collector: name=value, comma-separated",
    )
    otel_service_name: str = Field(
        "voice-agent", alias="OTEL_SERVICE_NAME", description="Name of this service in traces"
    )
    openai_api_key: SecretStr = Field(
        SecretStr(""),
        alias="OPENAI_API_KEY",
        description="Key for OpenAI-compatible services without one of their own",
    )

    @field_validator(*ADDRESSES)
    @classmethod
    def _whole(cls, url: str, info: ValidationInfo) -> str:
        """Accept only an address that can be asked, or that links can be built on."""
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("an address like https://calls.example.com")
        return url.rstrip("/") if info.field_name == "public_url" else url

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, told: str) -> str:
        """Accept addresses and networks without host bits."""
        try:
            for one in told.split():
                ip_network(one)
        except ValueError as error:
            raise ValueError("addresses or networks such as 10.0.0.0/8") from error
        return told

    @property
    def store_url(self) -> str:
        """The database URL: the one set, else SQLite under `var`."""
        return self.database_url or f"sqlite:///{self.var / 'voice_agent.db'}"

    @property
    def llm_key(self) -> str:
        """The language model's key; empty: none."""
        return self._key(self.llm_api_key)

    @property
    def stt_key(self) -> str:
        """The transcription service's key; empty: none."""
        return self._key(self.stt_api_key)

    @property
    def tts_key(self) -> str:
        """The speech service's key; empty: none."""
        return self._key(self.tts_api_key)

    @property
    def embeddings_key(self) -> str:
        """The embedding service's key; empty: none."""
        return self._key(self.embeddings_api_key)

    def _key(self, own: SecretStr) -> str:
        return own.get_secret_value() or self.openai_api_key.get_secret_value()

    @property
    def recordings_folder(self) -> Path:
        """The folder for recordings: the one set, else one under `var`."""
        return Path(self.recordings or self.var / "recordings")

    @property
    def models_folder(self) -> Path:
        """The folder for speech models: the one set, else one under `var`."""
        return Path(self.models or self.var / "models")

    @property
    def shared_metrics(self) -> Path | None:
        """Where several workers put their metrics; None for a server of one process."""
        return self.var / "metrics" if self.workers > 1 else None


def unknown_names() -> list[str]:
    """Names in the environment or `.env` that look like settings and are not; one line each, with
    the likely intended name. Of those without our prefix only `.env` is looked through."""
    prefix = "VOICE_AGENT_"
    known = [f.alias or prefix + name.upper() for name, f in Settings.model_fields.items()]
    written = DotEnvSettingsSource(Settings).env_vars
    names = {name.upper() for name in (*os.environ, *written)}  # noqa: TID251 - the one home
    found = []
    for name in sorted(names - {*known}):
        ours = name.startswith(prefix) and not name.startswith(f"{prefix}TEST_")
        near = [k for k in known if k.endswith(f"_{name.removeprefix(prefix)}")]
        near = near or get_close_matches(name, known, 1, 0.6 if ours else 0.9)
        if ours or (near and name in {w.upper() for w in written}):
            meant = f"; is {near[0]} meant?" if near else ""
            found.append(f"{name} is no setting and changes nothing{meant}")
    return found


def share_metrics(folder: Path) -> None:
    """Let processes started from now on put their metrics in a folder."""
    os.environ[METRICS_SHARED] = str(folder)  # noqa: TID251 - this is the one home
