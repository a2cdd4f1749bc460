"""Topics a company leaves to its people: the caller is transferred or offered a call. Pure."""

from core.asking import Offer
from core.commands import RequestCallback, RequestMeeting
from core.plan import Act, Point, Tell
from core.policy.transferring import put_through, taker
from core.policy.view import View
from knowledge.entry import Answer, Article


def keeper(view: View, article: Article) -> str:
    """Id of the rep who discusses this: of the escalation on its topic, else its owner."""
    topics = {topic.lower() for topic in article.topics}
    for escalation in view.company.escalations:
        if topics & {topic.lower() for topic in escalation.topics}:
            return escalation.owner
    if view.company.rep(article.owner) is not None:
        return article.owner
    return view.rep or view.company.default_owner


def handed_on(view: View, points: tuple[Point, ...]) -> Act | None:
    """After the approved words on such a topic: a transfer if possible now, else an offer."""
    article = _asked_about(view)
    if article is None:
        return None
    owner = keeper(view, article)
    if person := taker(view, owner, "kept"):
        line, move = put_through(view, person, f"asked about {article.title}")
        return Act("kept", (*points, line), move)
    state = view.state
    settled = state.callback is not None or "callback" in state.proposals.refused
    if settled or state.ending.closing or view.has(RequestCallback, RequestMeeting):
        return None
    slots = (("name", view.name_of(owner)),)
    offer = Tell("offer_callback", slots, kind="next_step", asks=Offer("callback"))
    return Act("kept", (*points, offer))


def offered_keeper(view: View) -> str | None:
    """The keeper offered in this turn."""
    article = _asked_about(view)
    return keeper(view, article) if article else None


def _asked_about(view: View) -> Article | None:
    """The article left to people that this turn asked about."""
    asked = {q.id for q in view.state.questions if q.turn == view.state.turn}
    found = [r for name, r in view.found.items() if name in asked and isinstance(r, Answer)]
    return next((r.article for r in found if r.policy == "escalate"), None)
