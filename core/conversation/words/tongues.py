"""The language a caller asks for, "does anyone there speak Spanish", or writes in."""

import re

from core.commands import ProvideSignal
from core.conversation.words.utterance import Utterance
from knowledge.languages import LANGUAGES
from knowledge.retrieval.english import QUESTION, STOP

_KNOWN = {name.lower(): name for name in LANGUAGES.values()}
_KNOWN |= {"mandarin": "Chinese", "farsi": "Persian"}
_NAMES = "|".join(sorted(_KNOWN, key=len, reverse=True))
_ASKED = re.compile(
    rf"\b(?:(?:who|that|anyone|someone|somebody|anybody|you|they|people|reps?) (?:here |there )?"
    rf"(?:can |could |also |who )*speaks? (?P<a>{_NAMES})"
    rf"|(?:talk|speak|call|meeting|demo|conversation|someone|do (?:this|it|that)|continue|it|us|me)"
    rf" in (?P<b>{_NAMES})|(?P<c>{_NAMES}) speak(?:er|ing)\b|(?:i|we) (?:only )?(?:prefer|speak)"
    rf" (?P<d>{_NAMES}))\b"
)


def languages(u: Utterance) -> list[ProvideSignal]:
    """The requested language by its English name, if any."""
    match = _ASKED.search(u.text)
    if match is None:
        return []
    named = next(name for name in match.groups() if name)
    span = u.span(match.start(), match.end())
    return [ProvideSignal(span, "language", _KNOWN[named], "positive", 0.9)]


_COMMON = {
    "Spanish": "el que y una para tienen tiene cuánto cuesta gracias somos cómo qué hablan hola"
    " quiero necesitamos nuestro nuestra ustedes está por puede español precio"
    " habla hablas alguien necesito necesita tenemos estamos buenos buenas días tardes",
    "German": "der das und ist nicht wir sie ich ein eine einen haben können für mit wie kostet"
    " guten danke hallo unsere sind auch bei uns ihr ihre liegen möchten gibt es bitte kein keine"
    " mir mich mehr auf nach noch wird werden unser sehr geehrte geehrter damen herren aus zu wo"
    " suchen sprechen deutsch ihnen vom zur sowie gerne",
    "French": "les des est nous vous je une avec pour pas que combien bonjour merci avez notre"
    " votre sommes dans cette coûte quel quelle et à nos vers prix le peut-on mais sur merci",
    "Portuguese": "olá vocês não uma para nós quanto custa obrigado obrigada têm nosso nossa"
    " somos os que são preço",
    "Italian": "che è una siamo quanto costa grazie avete nostro nostra sono della dei vorrei"
    " buongiorno il non ciao",
    "Dutch": "het een wij jullie zijn niet voor met hallo kunnen hebben onze deze hoeveel dank"
    " graag wordt er kost ons",
}
"""Everyday words of languages buyers write; none is an English word, a town or in an address."""
_NO_MORE = re.compile(
    r"\bkeine?\b[^.?!]{0,40}\b(?:mails?|nachrichten|werbung|anrufe|newsletter)\b[^.?!]{0,15}"
    r"\bmehr\b"
    r"|\bkeine weiteren (?:\S+ )?(?:e-?mails?|nachrichten|anrufe)\b|\bkontaktieren sie (?:mich|uns)"
    r" nicht mehr\b|\b(?:vom|aus (?:dem|ihrem)) (?:newsletter|verteiler)\b"
    r"|\bdésabonn\w+|\bdésinscri\w+"
    r"|\bne (?:m'|me |nous )(?:envoyez|contactez|écrivez|appelez) plus\b|\bplus recevoir\b"
    r"|\bplus de (?:mails?|e-?mails?|courriels?)\b|\bretirez-(?:moi|nous) de\b"
    r"|\b(?:dar|darme|darnos|dé|denme) de baja\b|\bno (?:me|nos) (?:env[ií]en?|escriban?|contacten?"
    r"|llamen?|manden?) más\b|\bno quiero recibir más\b"
    r"|\bdisiscriv\w+|\bpiù ricevere\b|\bnon (?:inviatemi|scrivetemi|contattatemi) più\b"
    r"|\bdescadastr\w+|\bmais receber\b|\bnão (?:me )?(?:enviem|contatem|liguem) mais\b"
    r"|\buitschrijven\b|\bafmelden\b|\bgeen (?:e-?mails?|mails?|berichten) meer\b"
)


def wants_no_more(u: Utterance) -> bool:
    """Whether somebody asks, in another language, not to be contacted any more."""
    return _NO_MORE.search(u.text) is not None


_SCRIPTS = (
    ("Japanese", re.compile("[\u3040-\u30ff]")),
    ("Korean", re.compile("[\uac00-\ud7af]")),
    ("Chinese", re.compile("[\u4e00-\u9fff]")),
    ("Russian", re.compile("[\u0400-\u04ff]")),
    ("Arabic", re.compile("[\u0600-\u06ff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    ("Hindi", re.compile("[\u0900-\u097f]")),
    ("Greek", re.compile("[\u0370-\u03ff]")),
    ("Thai", re.compile("[\u0e00-\u0e7f]")),
)
"""The most common language of a script among buyers; kana tell Japanese from Chinese."""
_FOREIGN = 0.4
"""Share of letters in another script from which a text is not English."""


def _script(text: str) -> str | None:
    letters = sum(c.isalpha() for c in text)
    for name, script in _SCRIPTS:
        if script.search(text):
            other = sum(c.isalpha() and not c.isascii() for c in text)
            return name if other >= _FOREIGN * letters else None
    return None


_WORDS_OF = {name: frozenset(words.split()) for name, words in _COMMON.items()}
_LEAST, _SHARE = 2, 0.25


def written_in(u: Utterance) -> str | None:
    """The language a text is written in, if it is one of these and not English."""
    if (script := _script(u.said.text)) is not None:
        return script
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", u.text)
    found = {name: sum(w in known for w in words) for name, known in _WORDS_OF.items()}
    name, count = max(found.items(), key=lambda item: item[1])
    english = sum(w in STOP or w in QUESTION for w in words)
    plain = count >= _LEAST and count >= _SHARE * len(words) and count > english
    return name if plain else None
