"""What companies do, in general English: words to a trade, and a trade to the company's name for
it.

Trades and their words are in `trades.yaml`, a shallow tree: a "clinic" is a `hospital`, a
`hospital` is `healthcare`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from knowledge.yaml_text import plain

_GOODS = (
    r"(?:paper|stationery|office supplies|shoes|boots|sneakers|clothes|clothing|dresses|jeans|hats"
    r"|bags|watches|glasses|jewell?e?ry|toys|games|books|bikes|bicycles|furniture|sofas|mattresses"
    r"|beds|kitchens|carpets|rugs|lamps|tiles|wine|wines|beer|coffee|tea|food|groceries|fruit|meat"
    r"|cheese|flowers|plants|gifts|pet food|dog food|cosmetics|make-?up|perfume|skin ?care"
    r"|supplements|vitamins|tools|hardware|parts|tires|tyres|cars|motorcycles|boats|appliances"
    r"|phones|laptops|computers|electronics|cameras|instruments|guitars|sports \w+|outdoor \w+"
    r"|camping \w+|garden \w+|baby \w+|mobile homes|solar panels|windows|doors|paint|fabrics?"
    r"|uniforms|candles|art|antiques|knives|cookware)"
)
"""What is sold over a counter."""
_FOOD = (
    r"(?:beer|wine|cheese|yogh?urts?|milk|butter|bread|cakes?|cookies|pastries|pizzas?|pasta"
    r"|chocolate|candy|sweets|snacks|sauces?|soups?|juices?|lemonade|soft drinks|drinks|beverages"
    r"|coffee|tea|meat|sausages?|ham|fish|food|foods|ready meals|cereals?|honey|jam|olive oil"
    r"|ice cream|spirits|whisk(?:e)?y|gin|vodka|rum|vegetables|pet food|baby food)"
)
_CROPS = (
    r"(?:crops|wheat|corn|maize|barley|rice|soy(?:beans)?|cotton|hops|seeds|vegetables|potatoes"
    r"|tomatoes|onions|mushrooms|lettuce|fruits?|apples|grapes|berries|oranges|citrus|avocados"
    r"|nuts|almonds|herbs|flowers|roses|tulips|plants|trees|hemp|cannabis|cattle|cows|pigs|sheep"
    r"|goats|horses|chickens?|poultry|turkeys|salmon|oysters|bees)"
)
_CHEMICALS = (
    r"(?:paints?|coatings?|varnish|adhesives?|glues?|solvents?|pigments?|dyes?|fertilizers?"
    r"|chemicals?|detergents?|soaps?|resins?|acids?|lubricants?|cleaning products)"
)
_FRAMES: tuple[tuple[str, str], ...] = (
    (r"(?:sell|selling|write|underwrite|broker|offer) (?:\w+ ){0,3}(?:insurance|policies)\b",
     "insurance"),
    (r"(?:build|make|write|develop|sell|create|making|building|developing) (?:\w+ ){0,4}?"
     r"(?:software|apps?|saas|a platform for|developer tools)\b", "software"),
    (r"(?:build|make|develop|publish|design|create|do) (?:\w+ ){0,3}?(?:video ?|mobile ?|computer ?"
     r"|board ?)?games?\b", "gaming"),
    (r"(?:publish|print|broadcast|stream|produce) (?:\w+ ){0,3}?(?:magazines?|news|newspapers?"
     r"|books|podcasts?|shows|movies|films|music|videos?|content|articles|radio|tv|television)\b",
     "media"),
    (r"(?:move|moving|ship|shipping|haul|transport|deliver|delivering|forward|store|truck)"
     r" (?:\w+ ){0,3}?(?:containers?|freight|goods|cargo|parcels?|packages|pallets?|loads"
     r"|shipments)\b", "logistics"),
    (r"(?:run|operate|own|have|manage|managing) (?:\w+ ){0,3}?(?:hotels?|resorts?|airlines?)\b",
     "travel"),
    (r"(?:run|operate|own|manage|have|got) (?:\w+ ){0,3}?(?:restaurants?|cafes?|bars|pubs"
     r"|pizzerias?|coffee shops?|diners?)\b", "restaurants"),
    (r"(?:run|operate|own|manage|have|got) (?:\w+ ){0,3}?(?:gyms?|fitness \w+|salons?|cinemas"
     r"|museums?|theme parks?|spas?|yoga studios?)\b", "leisure"),
    (r"rent (?:out )?(?:\w+ )?(?:cars|scooters|bikes|bicycles|boats|vans|campers|motorbikes)\b",
     "travel"),
    (r"(?:build|renovate|design|construct|put up) (?:\w+ ){0,2}?(?:houses|homes|bridges|roads"
     r"|buildings|offices|kitchens|roofs|pools|decks|schools|flats|apartments)\b",
     "construction"),
    (r"(?:pour|lay|hang|put up|frame|dig|pave|pull) (?:\w+ ){0,2}?(?:driveways?|foundations?"
     r"|footers?|drywall|pavers|bricks?|tile|flooring|siding|gutters|fenc(?:es|ing)|slabs|sidewalks"
     r"|septic \w+|trenches|basements)\b", "construction"),
    (rf"(?:grow|raise|farm|harvest|breed|plant|cultivate) (?:\w+ )?{_CROPS}\b", "agriculture"),
    (rf"(?:sell|sells|selling|stock|retail|deal in|trade in) (?:(?!to\b|in\b|into\b)\w+ ){{0,2}}?"
     rf"{_GOODS}\b", "retail"),
    (r"(?:run|operate|own|manage|staff) (?:\w+ ){0,3}?(?:hospitals?|clinics?|dental \w+"
     r"|urgent care\w*|nursing homes?)\b|(?:treat|see|care for) patients\b", "hospital"),
    (r"(?:run|operate|own) (?:\w+ ){0,3}?(?:stores|shops|supermarkets|outlets|boutiques)\b",
     "retail"),
    (r"(?:lend|lending|loan|invest|manage|process) (?:\w+ ){0,2}?(?:money|payments|funds|assets"
     r"|wealth|mortgages)\b", "financial services"),
    (r"(?:teach|train|educate) (?:\w+ ){0,2}?(?:students|kids|children|people)\b", "education"),
    (r"(?:rent out|let out|lease out|own|manage) (?:\w+ ){0,3}?(?:apartments|properties|property"
     r"|buildings|office space|homes)\b", "real estate"),
    (rf"(?<!\bi )(?:make|produce|making|producing|brew|bake|distil|distill|bottle|roast"
     r"|can|pack|process)"
     rf" (?:(?!sure|the\b|our\b|it\b)\w+ ){{0,2}}?{_FOOD}\b", "food"),
    (rf"(?:make|produce|making|producing|mix|manufacture) (?:\w+ ){{0,2}}?{_CHEMICALS}\b",
     "chemicals"),
    (r"(?<!\bi )(?:brew|bake|distil|distill|bottle|weld|forge|knit|weave|refine|roast|mill|print)"
     r" (?!the\b|our\b|it\b|that\b|reports?|data)[a-z]+", "manufacturing"),
    (r"(?:make|manufacture|produce|produces?|manufactures?|assemble|fabricate|making|manufacturing"
     r"|producing) (?!sense|sure|money|it\b|that\b|this\b|decisions?|the\b|our\b|my\b|data|reports?"
     r"|good|calls?|use\b|them|changes?|a living)[a-z]+", "manufacturing"),
    (r"(?:make|produce|manufacture|making) (?:the |some |all )*(?:parts|components) (?:for|of)",
     "manufacturing"),
    (r"(?:run|operate|drive) (?:\w+ ){0,3}?(?:trucks|lorries|trailers)\b", "logistics"),
    (r"build (?:\w+ ){0,3}?(?:machines?|cars|trucks|engines|robots|boats|ships|aircraft|furniture"
     r"|pumps|equipment|hardware|appliances|devices)\b", "manufacturing"),
)  # fmt: skip
_WHO = (
    r"\b(?:we|our company|company|they|who|us|i)"
    r"(?: (?!to\b|can\b|could\b|will\b|would\b|should\b|must\b|want|need|like\b)\w+){0,2}?"
)
FRAMES = (
    *((re.compile(rf"{_WHO} (?:{p})"), trade) for p, trade in _FRAMES),
    (re.compile(
        r"\b(?:an?|the|small|family|we're|we are) (?:\w+ )?(?:maker|manufacturer|producer"
        r"|builder) of"
        r" (?!sense|money|decisions|software|apps?|games|videos?|films?|content)\w+"
    ), "manufacturing"),
    (re.compile(r"\b(?:i'm|i am|we're|we are|as) (?:an? |the )?(?:\w+ )?landlords?\b"),
     "real estate"),
    (re.compile(r"\b(?:an?|we're|we are) (?:\w+ )?(?:distributor|importer|wholesaler)s? of \w+"),
     "logistics"),
)  # fmt: skip
"""Activities that imply a trade: "we move containers" is logistics."""
ONLINE = (
    (re.compile(
        rf"{_WHO} (?:sell|selling|retail|ship|deliver) [^.?!,]{{0,40}}?\b(?:online|[io]n the (?:web"
        r"|internet)|over the (?:web|internet)|through our (?:web ?site|web ?shop|app))\b"
        r"|\b(?:shop|store|retailer|seller) (?:for|of|with) [^.?!,]{2,30}? [io]n the"
        r" (?:inter)?net\b"
        r"|\b(?:we're|we are|were|i've|i have|we've|i run|we run) an? [^?!]{0,60}?"
        r"\b(?:(?<!that )(?<!who )sell|selling) (?:it |them )?"
        r"(?:online|(?:on|through|via) (?:shopify|etsy|ebay|amazon))\b"
        r"|\b(?:an?|our|own|run|have) online (?:\w+ ){0,2}?(?:stores?|shops?|retailer|business"
        r"|boutique|pharmacy)\b"
    ), "e-commerce"),
)  # fmt: skip
"""What is sold online, whatever it is."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade with all its words."""

    name: str
    parent: str | None
    words: tuple[str, ...]


def _trades() -> tuple[Trade, ...]:
    text = (files("core.conversation.words") / "trades.yaml").read_text(encoding="utf-8")
    return tuple(_trade(name, told) for name, told in plain(text).items())


def _trade(name: str, told: dict[str, Any]) -> Trade:
    served = (f"{dish} {at}" for dish in told.get("dishes", ()) for at in told["served_at"])
    return Trade(name, told.get("in"), (name, *told["words"], *served))


TRADES = _trades()
TRADE_WORDS = frozenset(word for trade in TRADES for word in trade.words)
_COUNTED = frozenset(
    {w.split()[-1] for w in TRADE_WORDS if {f"{w}s", f"{w}es", f"{w[:-1]}ies"} & TRADE_WORDS}
    | {"company", "firm", "group", "agency", "practice", "chain"}
)
"""Trades named by a singular place: "bank", "shop"."""
_PLURAL = re.compile(r"(?<!s)s$")


def says_a_trade(words: str) -> bool:
    """Whether words for a trade can be repeated as they are: "a bank", "banks", "trucking", but
    neither "bank" nor "a farmers"."""
    if words.startswith(("a ", "an ")):
        return not _PLURAL.search(words)
    last = words.split()[-1]
    return last not in _COUNTED and not last.endswith(("er", "or"))


def listed(names: Iterable[str], synonyms: Mapping[str, str] | None = None) -> dict[str, str]:
    """Each trade by the name a company lists it under: its own, its parent's, or a word's of it;
    else by the one that its `synonyms` have for what the trade is plainly called.

    A trade nobody lists keeps its own name.
    """
    own = {n.lower(): n for n in names}
    meant = {said.lower(): own.get(name.lower()) for said, name in (synonyms or {}).items()}
    direct = {t.name: next((own[w] for w in t.words if w in own), None) for t in TRADES}
    plainly = {t.name: next(filter(None, map(meant.get, t.words[:2])), None) for t in TRADES}
    return {
        t.name: direct[t.name] or direct.get(t.parent or "") or plainly[t.name] or t.name
        for t in TRADES
    }


def said_forms(names: Iterable[str], synonyms: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every word for a trade, to the name a company lists it under."""
    known = {n.lower(): n for n in names}
    under = listed(known.values(), synonyms)
    forms = {word: under[trade.name] for trade in TRADES for word in trade.words}
    return forms | known
