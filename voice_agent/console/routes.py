"""`console(…)`: every route under `/console`. How a module adds a page:

    class Things:                                     # voice_agent/console/things.py
        def __init__(self, frame: Frame, …) -> None: …
        def room(self) -> Room:
            return Room(
                doors=(Door("/console/things/{id}", self._show),          # role "rep" unless named
                       Door("/console/things/{id}", self._change, "manager", ("POST",))),
                nav=(Nav("Things", "/console/things", key="t"),),
            )

        async def _show(self, visit: Visit) -> Response:
            await self.frame.audited(visit.did("play", f"conversation:{visit.path['id']}"))
            return self.frame.page(visit, "things.html", thing=…)   # templates/things.html

and one line in `_rooms` below. Templates extend `base.html`; forms that post have
`{{ csrf_field(csrf) }}`, scripts send the token of `<meta name="csrf">` as `X-CSRF-Token`. No
other script or style passes the policy than the console's own: behaviour is an ES module of
`static/` named in `{% block scripts %}`, looks are a sheet of `static/` put by `sheet(…)` into
`{% block styles %}`. Only somebody signed in with the role reaches a handler; a `Refused` raised
there is shown as a page, or as JSON to a script. `Audited` lines that tell of a change go into the
change's own transaction with `audit.record`. A `SocketDoor` is the same for a WebSocket.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.clock import Clock
from core.engine import Engine
from core.ports import Notify, StructuredModel
from core.store.store import Store
from knowledge.load import Loaded
from voice_agent.audio.archive import Archive
from voice_agent.console.access import HOME
from voice_agent.console.call_page import call_page
from voice_agent.console.call_questions import AnswerMail
from voice_agent.console.call_replay import CallReplay
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.files import Files
from voice_agent.console.frame import Frame
from voice_agent.console.imports import Imports
from voice_agent.console.knowledge_room import KnowledgeRoom
from voice_agent.console.live import Live
from voice_agent.console.live_chats import ChatFloor, LiveChats
from voice_agent.console.live_ports import LiveCalls
from voice_agent.console.mail import MailDesk, WaitingMail
from voice_agent.console.numbers import Numbers
from voice_agent.console.oidc.doors import SignInElsewhere
from voice_agent.console.oidc.provider import Provider
from voice_agent.console.passwords import Passwords
from voice_agent.console.people import Certify, Erase, Export, People
from voice_agent.console.people_with_access import Accounts
from voice_agent.console.queues import Queues
from voice_agent.console.rules_room import RulesRoom
from voice_agent.console.setup import Connections, SetUp
from voice_agent.console.sign_in import SignIn
from voice_agent.console.waiting import Waiting
from voice_agent.corrections import Retry
from voice_agent.handoffs import Handoffs
from voice_agent.http import Refused
from voice_agent.peers import Peers


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleServices:
    """What the console works on. `company` returns the folder's current company."""

    store: Store
    company: Callable[[], Loaded]
    clock: Clock
    secret: bytes
    public_url: str
    folder: Path
    """The company folder."""
    archive: Archive
    """Where recordings are stored."""
    engine: Callable[[], Engine]
    """The current engine, to replay stored calls."""
    answers: AnswerMail | None = None
    """Mails a colleague's answer to a buyer; None when mail is not set up."""
    desk: MailDesk | None = None
    """Takes what colleagues decide about waiting mail; None when mail is not set up."""
    notify: Notify | None = None
    """Notifies mentioned colleagues."""
    crm_retry: Retry | None = None
    """Writes a conversation's CRM records again."""
    calls: LiveCalls | None = None
    """The calls on this server."""
    erase: Erase | None = None
    """Forgets a person everywhere."""
    export: Export | None = None
    """Everything stored about a person, as a ZIP."""
    certify: Certify | None = None
    """Signs the certificate of an erasure."""
    floor: ChatFloor | None = None
    """Lets colleagues write in website chats."""
    provider: Provider | None = None
    """Where colleagues may also sign in; None when there are only passwords."""
    connections: Connections | None = None
    """Tests the company's other systems."""
    peers: Peers | None = None
    """The other processes, one of which may have a call that is watched here."""
    passwords: Passwords | None = None
    """Hashes passwords; None: with the default cost."""
    suggests: StructuredModel | None = None
    """Suggests wordings for passages; None without a language model."""
    handoffs: Handoffs | None = None
    """What colleagues do with leads; None where no notices are delivered."""


def console(services: ConsoleServices) -> Sequence[BaseRoute]:
    """The console's routes."""
    frame = Frame(
        services.store, services.company, services.clock, services.secret,
        services.public_url.rstrip("/"), [], Files(),
    )  # fmt: skip
    passwords = services.passwords or Passwords()
    provider, handoffs = services.provider, services.handoffs or Handoffs(services.store)
    sign_in = SignIn(frame, passwords, provider.terms.label if provider else "")
    elsewhere = SignInElsewhere(frame, sign_in, provider).routes() if provider else []
    calls = call_page(
        frame, handoffs, services.folder, services.archive, services.answers, services.notify,
        services.crm_retry,
    )  # fmt: skip
    rooms = [
        *_rooms(services, frame, handoffs),
        calls.room(),
        CallReplay(frame, services.engine).room(),
        Accounts(frame, passwords).room(),
        sign_in.room(),
    ]
    frame.nav.extend(entry for room in rooms for entry in room.nav)
    nothing = Door(f"{HOME}/{{rest:path}}", _nothing, methods=("GET", "POST"))
    return [
        Route("/", _home),
        Route(f"{HOME}/static/{{name}}", frame.files.serve),
        *sign_in.routes(),
        *elsewhere,
        *calls.sharing.routes(),
        *(frame.route(door) for room in rooms for door in room.doors),
        frame.route(nothing),
    ]


def _rooms(services: ConsoleServices, frame: Frame, handoffs: Handoffs) -> list[Room]:
    """The rooms, in navigation order."""
    chats = [LiveChats(frame, services.floor).room()] if services.floor is not None else []
    live = []
    if services.calls is not None:
        live = [Live(frame, services.calls, services.peers).room()]
    knowledge = KnowledgeRoom(frame, services.folder, services.suggests).room()
    people = People(frame, handoffs, services.erase, services.export, services.certify)
    return [
        Waiting(frame, handoffs).room(),
        WaitingMail(frame, services.desk).room(),
        *chats,
        *live,
        Queues(frame).room(),
        people.room(),
        knowledge,
        Imports(frame, services.folder).room(),
        RulesRoom(frame, services.folder).room(),
        Numbers(frame, mails=services.answers is not None).room(),
        SetUp(frame, services.folder, services.connections).room(),
    ]


async def _home(_request: Request) -> Response:
    """The address that a server prints leads to its console."""
    return RedirectResponse(HOME, 303)


async def _nothing(_visit: Visit) -> Response:
    raise Refused(404, "not-found", "There is no such page.")
