"""WebSocket helpers: receive the next message, and close without ever raising."""

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
    """Close the socket if it is still open, even while this task is being cancelled."""
    both = (socket.application_state, socket.client_state)
    if both != (WebSocketState.CONNECTED, WebSocketState.CONNECTED):
        return
    try:
        with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSE_S):
            await socket.close(code)
    except (RuntimeError, WebSocketDisconnect):
        pass
