"""What all sockets of the server share: the next message, and an end that never raises."""

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

CLOSE_S = 2.0


async def received(socket: WebSocket) -> str | bytes:
    """The next message. Raises: WebSocketDisconnect."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    return text if text is not None else message.get("bytes") or b""


async def close(socket: WebSocket, code: int = 1000) -> None:
    """Close the socket if it still is open, also when this task is being cancelled."""
    both = (socket.application_state, socket.client_state)
    if both != (WebSocketState.CONNECTED, WebSocketState.CONNECTED):
        return
    try:
        with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSE_S):
            await socket.close(code)
    except (RuntimeError, WebSocketDisconnect):
        pass
