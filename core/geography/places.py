"""Places that callers name, with their territory codes."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import phonenumbers

from core.geography.area_codes import state_of_area
from core.geography.gazetteer import Town, town
from knowledge.places import STATES, countries, zone_cities

_RENAMED = {
    "Britain (UK)": "United Kingdom", "Korea (South)": "South Korea",
    "Korea (North)": "North Korea",
    "Samoa (western)": "Samoa", "Czech Republic": "Czechia", "Bosnia & Herzegovina": "Bosnia",
}  # fmt: skip
_NO_COUNTRIES = {"Georgia", "Jersey", "Guam", "Puerto Rico"}
"""Names that callers use for another place: Georgia is a state."""
COUNTRIES = {
    _RENAMED.get(name, name): code for name, code in countries().items()
    if name not in _NO_COUNTRIES and (name in _RENAMED or "(" not in name)
} | {"England": "GB", "Scotland": "GB", "Wales": "GB"}  # fmt: skip
"""Country name to ISO code."""

_IN_STATES = """
California: San Francisco, Los Angeles, San Diego, San Jose, Sacramento, Oakland, Palo Alto,
  Fresno, Irvine, Santa Monica, Mountain View, Silicon Valley, Orange County, Long Beach,
  Pasadena, Berkeley
Washington: Seattle, Tacoma, Spokane, Bellevue, Redmond
Oregon: Portland, Eugene
Colorado: Denver, Boulder, Colorado Springs, Fort Collins
Texas: Austin, Dallas, Houston, San Antonio, Fort Worth, El Paso, Plano
Illinois: Chicago
Massachusetts: Boston, Cambridge, Worcester
New York: New York City, Brooklyn, Manhattan, Queens, Buffalo, Rochester, Syracuse, Albany, Long
  Island
Georgia: Atlanta, Savannah, Augusta
Florida: Miami, Orlando, Tampa, Jacksonville, Fort Lauderdale, Tallahassee
Pennsylvania: Philadelphia, Pittsburgh, Harrisburg
Ohio: Columbus, Cleveland, Cincinnati, Dayton, Akron, Toledo
Michigan: Detroit, Grand Rapids, Ann Arbor, Lansing
Minnesota: Minneapolis, Saint Paul, Twin Cities
Wisconsin: Milwaukee, Madison, Green Bay
Missouri: St. Louis, Kansas City
Tennessee: Nashville, Memphis, Knoxville, Chattanooga
North Carolina: Charlotte, Raleigh, Durham, Greensboro
South Carolina: Charleston, Greenville
Virginia: Richmond, Norfolk, Arlington
Maryland: Baltimore, Bethesda, Annapolis
New Jersey: Newark, Jersey City, Trenton, Princeton
Connecticut: Hartford, Stamford, New Haven
Rhode Island: Providence
Arizona: Phoenix, Tucson, Scottsdale, Tempe
Nevada: Las Vegas, Reno
Utah: Salt Lake City, Provo
Idaho: Boise
Montana: Billings, Bozeman
New Mexico: Albuquerque, Santa Fe
Oklahoma: Oklahoma City, Tulsa
Kansas: Wichita, Topeka
Nebraska: Omaha
Iowa: Des Moines
Indiana: Indianapolis, Fort Wayne
Kentucky: Louisville, Lexington
Louisiana: New Orleans, Baton Rouge
Alabama: Birmingham Alabama, Huntsville, Montgomery
Arkansas: Little Rock, Bentonville
Mississippi: Jackson Mississippi
Maine: Portland Maine, Bangor
New Hampshire: Manchester New Hampshire, Nashua
Vermont: Burlington
Delaware: Wilmington
South Dakota: Sioux Falls
North Dakota: Fargo
Alaska: Anchorage
Hawaii: Honolulu
"""
_IN_COUNTRIES = """
Canada: Toronto, Vancouver, Montreal, Ottawa, Calgary, Edmonton, Winnipeg, Quebec, Halifax,
  Ontario, British Columbia, Alberta
United Kingdom: London, Manchester, Birmingham, Leeds, Liverpool, Bristol, Oxford, Edinburgh,
  Glasgow, Cardiff, Belfast, Sheffield, Newcastle, Nottingham, Reading, Brighton, Leicester,
  Southampton, York, Aberdeen, Swansea
Ireland: Dublin, Cork, Galway
Germany: Berlin, Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Dusseldorf, Leipzig, Dresden,
  Hanover, Mainz, Bonn, Bremen, Dortmund, Essen, Heidelberg, Mannheim, Karlsruhe, Freiburg,
  Aachen, Ulm, Giessen, Goettingen, Jena, Kiel, Rostock, Potsdam, Wuerzburg, Regensburg, Augsburg,
  Darmstadt, Kassel, Erlangen, Magdeburg, Halle, Marburg, Nuremberg, Bavaria
Austria: Vienna, Salzburg, Graz
Switzerland: Zurich, Geneva, Basel, Bern, Lausanne
France: Paris, Lyon, Marseille, Toulouse, Lille, Bordeaux, Nantes, Strasbourg, Nice, Rennes,
  Grenoble, Montpellier
Spain: Madrid, Barcelona, Valencia, Seville, Bilbao, Malaga
Portugal: Lisbon, Porto
Italy: Rome, Milan, Turin, Naples, Florence, Bologna, Venice, Verona, Genoa, Padua
Netherlands: Amsterdam, Leiden, Groningen, Delft, Tilburg, Rotterdam, Utrecht, The Hague,
  Eindhoven
Belgium: Brussels, Antwerp, Ghent, Leuven, Bruges, Liege
Denmark: Copenhagen, Aarhus
Sweden: Stockholm, Gothenburg, Malmo
Norway: Oslo, Bergen
Finland: Helsinki, Tampere
Poland: Warsaw, Krakow, Wroclaw, Gdansk
Israel: Tel Aviv, Jerusalem, Haifa
India: Mumbai, Bangalore, Bengaluru, Delhi, New Delhi, Hyderabad, Chennai, Pune
Australia: Sydney, Melbourne, Brisbane, Perth, Adelaide, Canberra
New Zealand: Auckland, Wellington, Christchurch
Japan: Tokyo, Osaka, Kyoto, Yokohama, Nagoya
China: Shanghai, Beijing, Shenzhen, Guangzhou
South Korea: Seoul, Busan
Brazil: Sao Paulo, Rio de Janeiro, Brasilia
Mexico: Mexico City, Guadalajara, Monterrey
South Africa: Johannesburg, Cape Town, Durban, Pretoria
United Arab Emirates: Dubai, Abu Dhabi
Russia: Moscow, Saint Petersburg
Iran: Tehran
Cuba: Havana
Belarus: Minsk
Vietnam: Hanoi, Ho Chi Minh City
"""


def _cities(listed: str) -> dict[str, str]:
    lines = (line.partition(": ") for line in re.sub(r"\n +", " ", listed).strip().splitlines())
    return {city: where for where, _, cities in lines for city in cities.split(", ")}


STATE_NAMES = {code: name for name, code in STATES.items()}
COUNTRY_NAMES = {code: name for name, code in reversed(COUNTRIES.items())}
"""State and country names by code."""
_NO_ZONES = {"US", "AQ", "CL", "CX", "KZ", "UM", "CA", "FK", "RE", "AU", "NF", "RU", "PF", "VU"}
"""Countries whose time zones are named after places nobody calls from."""
_BY_ZONE = {
    c: COUNTRY_NAMES[code]
    for c, code in zone_cities().items()
    if code in COUNTRY_NAMES and code not in _NO_ZONES
}
CITIES = _BY_ZONE | _cities(_IN_COUNTRIES) | _cities(_IN_STATES)
"""City to its state or country."""
PLACES = (*STATES, *COUNTRIES, *CITIES)

_ALSO = {
    "usa": "United States", "us": "United States", "u s": "United States", "u s a": "United States",
    "the states": "United States", "america": "United States", "uk": "United Kingdom",
    "u k": "United Kingdom", "britain": "United Kingdom", "great britain": "United Kingdom",
    "holland": "Netherlands", "korea": "South Korea", "uae": "United Arab Emirates",
    "czech republic": "Czechia", "philly": "Philadelphia", "nyc": "New York City",
    "new york city": "New York", "bay area": "San Francisco", "silicon valley": "San Francisco",
    "d c": "Washington D.C.", "washington d c": "Washington D.C.",
    "washington dc": "Washington D.C.", "district of columbia": "Washington D.C.",
    "vegas": "Las Vegas",
    "st louis": "St. Louis", "saint louis": "St. Louis", "twin cities": "Minneapolis",
    "l a": "Los Angeles", "frankfurt am main": "Frankfurt", "bengaluru": "Bangalore",
}  # fmt: skip
DEMONYMS = {
    "american": "United States", "canadian": "Canada", "mexican": "Mexico", "brazilian": "Brazil",
    "british": "United Kingdom", "english": "United Kingdom", "scottish": "Scotland",
    "irish": "Ireland", "german": "Germany", "austrian": "Austria", "swiss": "Switzerland",
    "french": "France", "spanish": "Spain", "portuguese": "Portugal", "italian": "Italy",
    "dutch": "Netherlands", "belgian": "Belgium", "danish": "Denmark", "swedish": "Sweden",
    "norwegian": "Norway", "finnish": "Finland", "polish": "Poland", "israeli": "Israel",
    "indian": "India", "japanese": "Japan", "chinese": "China", "australian": "Australia",
    "russian": "Russia", "iranian": "Iran", "cuban": "Cuba", "syrian": "Syria",
    "korean": "South Korea",
    "belarusian": "Belarus", "turkish": "Turkey", "greek": "Greece", "singaporean": "Singapore",
    "czech": "Czechia", "argentinian": "Argentina", "colombian": "Colombia", "nigerian": "Nigeria",
    "kenyan": "Kenya", "egyptian": "Egypt", "ukrainian": "Ukraine", "romanian": "Romania",
    "hungarian": "Hungary", "californian": "California", "texan": "Texas",
}  # fmt: skip
SAID_PLACES = {p.lower(): p for p in PLACES} | _ALSO
"""Spoken form of a place to its name."""

KEPT = 128
"""Cache size for numbers: a turn looks each up several times, and calls come and go."""
EUROPE = frozenset(
    "GB IE DE AT CH FR ES PT IT NL BE DK SE NO FI PL".split()
)  # fmt: skip


@lru_cache(maxsize=KEPT)
def country_of(number: str | None) -> str | None:
    """The country of an E.164 number, by name; None when it is withheld or unknown."""
    if number is None:
        return None
    try:
        code = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    return COUNTRY_NAMES.get(code or "")


def place_of(number: str | None) -> str | None:
    """The narrowest place an E.164 number implies: a state by area code, else its country."""
    code = state_of_area(number) if number else None
    return STATE_NAMES[code] if code else country_of(number)


def wider_of(found: Town) -> str:
    """The state or country of a town, by name."""
    return STATE_NAMES.get(found.state) or COUNTRY_NAMES.get(found.country, found.country)


def territories(place: str) -> tuple[str, ...]:
    """All ways to write a territory that contains this place, narrowest first."""
    head, _, wider = place.rpartition(", ")
    names = [place]
    if head and (wider in STATES or wider in COUNTRIES):
        names += [head, wider]
    elif place in CITIES:
        names.append(CITIES[place])
    elif place not in STATES and place not in COUNTRIES and (found := town(place)):
        names.append(wider_of(found))
    broad = names[-1]
    if broad in STATES:
        return (*names, f"US-{STATES[broad]}", STATES[broad], "US", "USA", "United States")
    code = COUNTRIES.get(broad, "")
    beyond = ("Europe", "EMEA", "EU") if code in EUROPE else ()
    apart = ("mainland China",) if code == "CN" else ()
    return (*names, code, *beyond, *apart) if code else tuple(names)


@cache
def _territories() -> frozenset[str]:
    return frozenset(t.lower() for place in PLACES for t in territories(place))


def is_territory(name: str) -> bool:
    """Whether this is a territory in which a named place can lie."""
    return name.lower() in _territories() or town(name) is not None


def covers_place(named: Sequence[str], place: str | None) -> bool:
    """Whether a place lies in one of the named territories."""
    if place is None:
        return False
    wanted = {t.lower() for t in named}
    return any(t.lower() in wanted for t in territories(place))


def lies_outside(served: Sequence[str], place: str) -> bool:
    """Whether a fully named place lies in none of the named territories; a country may not, if a
    part of it is named."""
    if len(territories(place)) == 1:  # nobody knows where that is
        return False
    around = {t.lower() for name in served for t in territories(place_named(name) or name)}
    return place.lower() not in around and not covers_place(served, place)


def place_named(text: str) -> str | None:
    """A place as signals store it, by its name or a code such as `US-CA`; None for others."""
    written = text.strip()
    if known := SAID_PLACES.get(written.lower()):
        return known
    code = written.upper()
    return STATE_NAMES.get(code[3:]) if code.startswith("US-") else COUNTRY_NAMES.get(code)
