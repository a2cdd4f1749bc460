"""Job titles, composed of a seniority, a function and a rank ("senior director of sales
operations").

Titles are built alike in every company; only which of them matter differs.
"""

import re

_SAME = {
    "rev ops": "revenue operations", "revops": "revenue operations", "revenue ops":
    "revenue operations", "sales ops": "sales operations", "marketing ops": "marketing operations",
    "mops": "marketing operations", "business ops": "business operations", "biz ops":
    "business operations", "ops": "operations", "bi": "business intelligence", "b i":
    "business intelligence", "dev ops": "devops", "human resources": "HR", "hr": "HR", "h r": "HR",
    "i t": "IT", "it": "IT", "information technology": "IT", "demand gen": "demand generation",
    "r and d": "R&D", "ml": "machine learning", "ai": "AI", "qa": "quality assurance",
    "purchasing": "procurement", "crm": "CRM", "infosec": "information security",
}  # fmt: skip
"""Spoken forms of a function to its written form."""
_FUNCTIONS = sorted(
    {
        *_SAME, "data", "analytics", "engineering", "marketing", "sales", "revenue", "growth",
        "finance", "product", "technology", "security", "compliance", "operations", "platform",
        "integration", "integrations", "systems", "procurement", "strategy", "infrastructure",
        "architecture", "applications", "transformation", "intelligence", "software", "support",
        "success", "customer success", "customer operations",
        "technical operations", "customer support", "customer experience",
        "customer service",
        "customer data", "data platform", "data engineering", "data science", "data analytics",
        "data operations", "data governance", "data infrastructure", "data architecture",
        "business intelligence", "business development", "business systems", "business operations",
        "business analytics", "business", "revenue operations", "sales operations",
        "marketing operations", "product operations", "people operations", "people", "talent",
        "sales enablement",
        "product management", "product marketing", "growth marketing",
        "performance marketing", "digital marketing", "lifecycle marketing", "lifecycle",
        "email marketing", "content", "brand", "communications", "demand generation", "digital",
        "digital transformation", "innovation", "research", "information", "information security",
        "information systems", "cyber security", "cloud", "cloud infrastructure", "network",
        "solutions", "enterprise", "enterprise architecture", "enterprise applications",
        "machine learning", "devops", "quality", "quality assurance", "legal", "accounting",
        "financial planning", "financial", "treasury", "risk", "audit", "supply chain", "logistics",
        "purchase", "sourcing", "vendor management", "manufacturing", "production", "plant",
        "facilities", "maintenance", "store operations", "retail", "e-commerce", "ecommerce",
        "merchandising", "clinical", "clinical operations", "nursing", "medical", "laboratory",
        "lab", "diagnostics", "pharmacy", "health", "regulatory", "field operations", "field",
        "account", "accounts", "partnerships", "alliances", "channel", "commercial", "training",
        "learning", "education", "community", "programs", "program", "project", "projects",
        "services", "professional services", "delivery", "implementation", "web", "mobile",
        "backend", "frontend", "full stack", "insights", "reporting", "martech",
        "salesforce", "database", "office",
    },
    key=len,
    reverse=True,
)  # fmt: skip
_F = "(?:" + "|".join(map(re.escape, _FUNCTIONS)) + ")"
FUNCTION = rf"{_F}(?:(?: and|,) (?:the )?(?!it\b){_F})?"
FIELD = re.compile(FUNCTION)
"""A department by itself, which is no company: "i'm with facilities"."""
_LEVEL = (
    r"(?:senior|sr|junior|jr|principal|staff|global|regional|group|associate|assistant|deputy"
    r"|interim|acting|executive|corporate|lead)"
)
_RANK = (
    r"(?:director|head|(?:senior |executive |assistant )?[vn]ice president|s?vp|evp|avp|v p|manager"
    r"|lead|leader|chief|president|team lead|supervisor|coordinator|general manager|gm"
    r"|managing director|owner)"
)
_NOUN = (
    r"(?:director|head|vice president|vp|manager|lead|leader|engineer|analyst|architect|developer"
    r"|scientist|administrator|admin|specialist|coordinator|consultant|officer|supervisor"
    r"|strategist|buyer|owner|associate|executive|planner|designer|programmer|technician"
    r"|team lead|guy|person|representative|rep|assistant|accountant|researcher|investigator)"
)
_CHIEFS = {
    "executive": "CEO", "technology": "CTO", "technical": "CTO", "financial": "CFO",
    "finance": "CFO", "operating": "COO", "operations": "COO", "information": "CIO",
    "marketing": "CMO", "data": "CDO", "information security": "CISO", "security": "CISO",
    "revenue": "CRO", "product": "CPO",
}  # fmt: skip
_CHIEF = r"chief (?:\w+ ){1,2}officer|chief executive|c[eftoimdrp]o|ciso|c (?:[etfmdirp]|i s) o"
_ALONE = (
    r"co-?founder|founder|co-?owner|owner|managing partner|managing director|general manager"
    r"|president|partner|consultant|freelancer|contractor|intern|developer|programmer|engineer"
    r"|analyst|architect|accountant|controller|buyer|director|manager|vice president|vp|team lead"
    r"|team leader|administrator|researcher|scientist|tech lead|principal investigator|lab manager"
    r"|supervisor|executive assistant|assistant|bookkeeper|nurse|doctor|physician|professor"
    r"|teacher|principal|dean|marketer|decision maker|superintendent|head teacher|headmaster"
    r"|foreman|caretaker|custodian|pastor|priest|mayor|town clerk|treasurer|trustee|comptroller"
    r"|chef|farmer|franchisee"
)
_PREMISES = (
    r"(?:property|building|facility|warehouse|plant|site|store|shop|branch|restaurant|kitchen|hotel"
    r"|club|farm|campus|school|practice|office|estate|fleet|parts|town|city|church|parish|park"
    r"|construction|maintenance|energy|sustainability)"
)
_RUNS_THEM = r"(?:manager|director|supervisor|superintendent|administrator|coordinator|foreman)"
TITLE = re.compile(
    rf"\b(?:(?:{_LEVEL} ){{0,4}}(?:{_RANK} (?:of|for|over) (?:the |our )?{FUNCTION}"
    rf"(?! (?:company|team of))"
    rf"|(?:s?vp|[vn]ice president|director),? {FUNCTION}(?! {_NOUN})"
    rf"|{FUNCTION} {_NOUN}|{_PREMISES} {_RUNS_THEM})|{_CHIEF}|(?:{_LEVEL} ){{0,4}}(?:{_ALONE}))\b"
)
"""A complete title in lower-case text."""
_HEADS = re.compile(
    rf"^(?P<level>(?:{_LEVEL} )*)(?P<field>{FUNCTION}) (?P<rank>director|head|vp|vice president)$"
)


def written(title: str) -> str:
    """A title in its listed form: "vice president for data" and "data vp" are a `VP of data`."""
    title = re.sub(r" {2,}", " ", title.strip())
    if chief := _chief(title):
        return chief
    title = re.sub(r"\bnice president\b", "vice president", title)  # possibly misheard
    title = re.sub(r"\b(?:senior vice president|svp)\b", "SVP", title)
    title = re.sub(r"\b(?:(?:executive |assistant )?vice president|[ea]?vp|v p)\b", "VP", title)
    title = re.sub(r"\bsr\b", "senior", re.sub(r"\bjr\b", "junior", title))
    title = re.sub(rf"\b({_RANK}|VP|SVP) (?:of|for|over) (?:the |our )?", r"\1 of ", title)
    title = re.sub(rf"\b(director|VP|SVP),? (?=(?:{FUNCTION})$)", r"\1 of ", title)
    if heads := _HEADS.match(title.replace("VP", "vp")):
        rank = "VP" if heads["rank"] in ("vp", "vice president") else heads["rank"]
        title = f"{heads['level']}{rank} of {heads['field']}"
    for said in sorted(_SAME, key=len, reverse=True):
        title = re.sub(rf"\b{re.escape(said)}\b", _SAME[said], title)
    return re.sub(r"\bcofounder\b", "co-founder", title)


def field_of(said: str) -> str:
    """A function in its written form: "revops" is revenue operations."""
    return _SAME.get(said, said)


def without_level(title: str) -> str:
    """The title without its seniority: "senior data analyst" is a data analyst."""
    plain = re.sub(rf"^(?:{_LEVEL} )+", "", title)
    return plain.replace("SVP", "VP") if plain else title


def turned(title: str) -> str:
    """The title with its field first: a director of operations is an operations director."""
    rank, of, field = title.partition(" of ")
    return f"{field} {rank}" if of else title


def spelled_out(title: str) -> list[str]:
    """A chief's acronym in full: a CFO is a chief financial officer."""
    return [f"chief {field} officer" for field, letters in _CHIEFS.items() if letters == title]


def _chief(title: str) -> str | None:
    if match := re.fullmatch(r"chief (.+?)(?: officer)?", title):
        return _CHIEFS.get(match[1]) or f"chief {match[1]} officer"
    letters = title.replace(" ", "")
    return letters.upper() if re.fullmatch(r"c[eftoimdrp]o|ciso", letters) else None
