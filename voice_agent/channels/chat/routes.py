"""The chat's routes: sessions, the socket, the widget and its demo page."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from voice_agent.channels.chat.doors import Doors
from voice_agent.channels.chat.pages import Pages
from voice_agent.channels.chat.reception import Reception
from voice_agent.channels.chat.services import ChatServices
from voice_agent.channels.chat.socket import ChatSocket


def routes(services: ChatServices) -> list[BaseRoute]:
    """Everything under `/chat`."""
    doors = Doors(services)
    reception, socket = Reception(services, doors), ChatSocket(services, doors)
    pages = Pages(lambda: services.writing.loaded, services.public_url)
    return [
        Route("/chat/sessions", reception.session, methods=["POST"]),
        Route("/chat/sessions", reception.preflight, methods=["OPTIONS"]),
        Route("/chat/invitations", reception.invitations, methods=["GET"]),
        Route("/chat/invitations", reception.met, methods=["POST"]),
        Route("/chat/invitations", reception.preflight, methods=["OPTIONS"]),
        WebSocketRoute("/chat/ws", socket.endpoint),
        *pages.routes(),
    ]
