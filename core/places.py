"""Places callers name, with the code a territory may be written as."""

import phonenumbers

STATES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA",
    "Colorado": "CO", "Connecticut": "CT", "Delaware": "DE", "Florida": "FL", "Georgia": "GA",
    "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL", "Indiana": "IN", "Iowa": "IA", "Kansas": "KS",
    "Kentucky": "KY", "Louisiana": "LA", "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA",
    "Michigan": "MI", "Minnesota": "MN", "Mississippi": "MS", "Missouri": "MO", "Montana": "MT",
    "Nebraska": "NE", "Nevada": "NV", "New Hampshire": "NH", "New Jersey": "NJ",
    "New Mexico": "NM", "New York": "NY", "North Carolina": "NC", "North Dakota": "ND",
    "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR", "Pennsylvania": "PA", "Rhode Island": "RI",
    "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX", "Utah": "UT",
    "Vermont": "VT", "Virginia": "VA", "Washington": "WA", "West Virginia": "WV",
    "Wisconsin": "WI", "Wyoming": "WY",
}  # fmt: skip
COUNTRIES = {
    "United States": "US", "Canada": "CA", "Mexico": "MX", "Brazil": "BR", "United Kingdom": "GB",
    "England": "GB", "Scotland": "GB", "Wales": "GB", "Ireland": "IE", "Germany": "DE",
    "Austria": "AT", "Switzerland": "CH", "France": "FR", "Spain": "ES", "Portugal": "PT",
    "Italy": "IT", "Netherlands": "NL", "Belgium": "BE", "Denmark": "DK", "Sweden": "SE",
    "Norway": "NO", "Finland": "FI", "Poland": "PL", "Israel": "IL", "India": "IN", "Japan": "JP",
    "China": "CN", "Singapore": "SG", "Australia": "AU", "New Zealand": "NZ",
    "South Africa": "ZA", "Russia": "RU",
}  # fmt: skip
CITIES = {
    "San Francisco": "California", "Los Angeles": "California", "San Diego": "California",
    "Seattle": "Washington", "Portland": "Oregon", "Denver": "Colorado", "Austin": "Texas",
    "Dallas": "Texas", "Houston": "Texas", "Chicago": "Illinois", "Boston": "Massachusetts",
    "New York City": "New York", "Atlanta": "Georgia", "Miami": "Florida", "Toronto": "Canada",
    "Vancouver": "Canada", "Montreal": "Canada", "London": "United Kingdom", "Dublin": "Ireland",
    "Berlin": "Germany", "Munich": "Germany", "Hamburg": "Germany", "Vienna": "Austria",
    "Zurich": "Switzerland", "Paris": "France", "Madrid": "Spain", "Amsterdam": "Netherlands",
    "Copenhagen": "Denmark", "Stockholm": "Sweden", "Sydney": "Australia",
    "Melbourne": "Australia", "Tokyo": "Japan",
}  # fmt: skip
PLACES = (*STATES, *COUNTRIES, *CITIES)

EUROPE = frozenset(
    "GB IE DE AT CH FR ES PT IT NL BE DK SE NO FI PL".split()
)  # fmt: skip


def country_of(number: str | None) -> str | None:
    """The country an E.164 number belongs to, by name; None when it is withheld or unknown."""
    if number is None:
        return None
    try:
        code = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    return next((name for name, known in COUNTRIES.items() if known == code), None)


def territories(place: str) -> tuple[str, ...]:
    """All the ways a territory that holds this place may be written, the narrowest first."""
    names = [place]
    if place in CITIES:
        names.append(CITIES[place])
    broad = names[-1]
    if broad in STATES:
        return (*names, f"US-{STATES[broad]}", STATES[broad], "US", "USA", "United States")
    code = COUNTRIES.get(broad, "")
    wider = ("Europe", "EMEA", "EU") if code in EUROPE else ()
    return (*names, code, *wider) if code else tuple(names)
