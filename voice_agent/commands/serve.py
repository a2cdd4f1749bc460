"""`voice-agent serve`: binds the public port, then runs one server on it or several workers."""

from voice_agent.addresses import public
from voice_agent.commands.failure import cannot_start, warn
from voice_agent.config import Settings, unknown_names


def serve(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    for line in unknown_names():
        warn(line)
    try:
        bound = public(settings.host, settings.port)  # first: a port in use shows at once
    except OSError as error:
        cannot_start(error)
        return 1
    with bound:
        if settings.workers > 1:  # the parent needs no server itself: that saves 2 s and 150 MB
            from voice_agent.server.workers import Workers

            return Workers(settings, bound).run()
        from voice_agent.server.serving import serve_on

        return serve_on(settings, bound)
