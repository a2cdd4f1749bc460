"""The server's error tree, split by whose fault it is."""

from collections.abc import Iterator


class VoiceAgentError(Exception):
    """Root of what the server raises; `code` is stable, `retryable` says whether to retry."""

    code = "voice-agent-error"
    retryable = False


class ConfigError(VoiceAgentError):
    """Settings or company folder are wrong: stops the start and names the remedy."""

    code = "config-error"


class PeerError(VoiceAgentError):
    """The other end broke the protocol: ends that call politely, and nothing else."""

    code = "peer-error"


class ServiceError(VoiceAgentError):
    """An engine or a service failed: retried or degraded."""

    code = "service-error"
    retryable = True


class SpeechFailed(ServiceError):
    """Text could not be voiced."""

    code = "speech-failed"


class TranscriptionFailed(ServiceError):
    """Speech could not be recognised."""

    code = "transcription-failed"


class EngineUnavailable(ServiceError):
    """An engine cannot be loaded here (missing model, missing key, unreachable)."""

    code = "engine-unavailable"
    retryable = False


class TelephonyFailed(ServiceError):
    """The telephone company's REST interface refused or was unreachable."""

    code = "telephony-failed"


def leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """The leaf errors of a group and its subgroups."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from leaves(error)
        else:
            yield error
