"""What companies do, in general English: words to a trade, and a trade to the company's name for
it.

Trades form a shallow tree (a "clinic" is a `hospital`, a `hospital` is `healthcare`), so that a
company that lists hospitals and one that lists healthcare both understand the same caller.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# trade < parent: words that say it. A trade's own name is one of its words.
_TREE = """
healthcare: health care, health system, healthcare provider, health tech, healthtech, digital
  health, medical, medicine, wellness, nursing homes, elder care, senior living, telehealth,
  telemedicine, home care, mental health, patient care
hospital < healthcare: hospitals, hospital group, clinic, clinics, medical center, medical centre,
  medical practice, doctor's office, physician group, physicians group, dental, dentist, dental
  group, dental practice, dental office, dental offices, urgent care, infirmary, outpatient,
  surgery center, veterinary, veterinarian, vet clinic, vet clinics, orthodontist, pediatrician,
  chiropractor, chiropractic, optometrist, podiatrist, dermatologist, dermatology, physical therapy,
  physical therapist, physical therapists, physiotherapist, psychologist, family practice
pharma < healthcare: pharmaceutical, pharmaceuticals, drug maker, drug manufacturer, pharmacy,
  pharmacies, drug company
biotech < healthcare: biotechnology, life sciences, life science, genomics, clinical research,
  clinical trials
medical devices < healthcare: medical device, medtech, med tech, medical equipment
financial services: finance, financial, financial institution, finance company, fintech, fin tech,
  payments, payment processor, asset management, wealth management, investment, investment firm,
  investments, hedge fund, private equity, venture capital, brokerage firm, stock broker, trading
  firm, loan company, loan provider, lending, lender, mortgage, mortgages, loans,
  crypto, credit cards,
  pension fund
accounting < financial services: accountants, accountancy, accounting firm, cpa, cpas, cpa firm,
  bookkeeping, bookkeepers, tax preparer, tax preparers, tax firm
bank < financial services: banks, banking, credit union, credit unions, savings bank, neobank,
  building society
insurance < financial services: insurer, insurers, insurance carrier, insurance broker, insurance
  agency, reinsurance, underwriting, insurtech, reinsurer
retail: retailer, retailers, supermarket, supermarkets, grocery, groceries, grocer, department
  store, department stores, chain of stores, fashion, apparel, clothing, clothes, consumer goods,
  convenience stores, shoe stores, brick and mortar, shops, boutique, outlets, cosmetics, pet
  stores, pet shop, pet shops, pet store, gift shop, gift shops, gift store, book shop, bookshop,
  bookshops, bookstore, bookstores, shoe shop, shoe shops, toy store, toy stores, jeweler,
  jewellery, jewelry, florist, flower shop, furniture store, furniture stores, car dealer, car
  dealers, car dealership, car dealerships, dealership, off licence, wine shop, wine shops,
  bike shop, bike shops, optician, opticians, garden centre, garden centres, garden
  center, garden centers, diy stores, hardware stores, hardware store, drugstore, drugstores,
  wholesale, wholesaler, wholesalers
e-commerce < retail: ecommerce, e commerce, online store, online shop, online shops, online
  retailer, online retail, web shop, webshop, online marketplace, marketplace, direct to consumer,
  d to c, d2c, dtc, online stores, subscription boxes, mail order
software: tech, saas, software company, software vendor, software as a service, s a a s,
  b to b saas,
  tech startup, software startup, app startup, app company, app maker,
  it services, developer tools, app developer, mobile apps,
  artificial intelligence, ai startup, ai company, cyber security, cybersecurity, tech company,
  technology company, adtech, ad tech, martech, edtech, ed tech, proptech, hr tech, cloud company,
  web agency
manufacturing: manufacturer, manufacturers, factory, factories, industrial, machinery, machine
  builder, automotive, auto parts, car parts, car maker, carmaker, steel,
  electronics, semiconductor, semiconductors, aerospace, packaging, plastics, textiles, furniture
  maker, fabrication, production plant,
  assembly plant, appliances, tooling, mill, paper mill, joinery, foundry, print shop,
  machine shop, machine shops, sawmill, lumber mill
food < manufacturing: food production, food processing, food company, food producer, food
  manufacturer, foods, beverages, beverage, drinks company, brewery, breweries, brewer, dairy,
  dairies, cheese dairy, creamery, bakery, bakeries, winery, wineries, distillery, distilleries,
  meat packing, butchery, slaughterhouse, coffee roaster, coffee roastery, confectionery,
  chocolate maker
chemicals < manufacturing: chemical, chemical company, chemical plant, paint manufacturer, paint
  maker, paints, coatings, pigments, fertilizer, fertilizers, petrochemicals, adhesives
auto services: car wash, car washes, auto body shop, body shop, auto repair, auto shop, tire shop
self storage: storage facility, storage units, mini storage
leisure: gym, gyms, gym chain, fitness, fitness studio, fitness studios, fitness club, fitness
  clubs, health club, health clubs, sports club, yoga studio, yoga studios, spa, spas, hair salon,
  salons, theme park, theme parks, amusement park, cinema, cinemas, movie theaters, museum,
  museums, golf club, ski resort, ice rink, hockey rink, bowling alley
events < leisure: event agency, events company, event company, event planning, event planner, event
  planners, wedding planner, wedding planners, wedding planning, wedding venue, event venue
logistics: logistic, shipping, freight, freight forwarder, freight forwarding, trucking, haulage,
  carrier company, courier, delivery company, warehousing, supply chain, third party logistics,
  three p l, 3pl, fulfillment, fulfilment, transportation, transport, distribution company,
  distributor, container shipping, last mile, fleet, moving company, parcel delivery
media: newspaper, newspapers, publisher, publishing, publishers, magazine, magazines, broadcaster,
  broadcasting, television, tv station, tv network, radio, radio station, streaming, streaming
  service, film, film studio, movie studio, music label, record label, podcast, podcasts, news,
  news site, entertainment, advertising agency, ad agency, marketing agency, media agency, digital
  agency, content studio
travel: airline, airlines, tourism, hotel, hotels, hotel chain, hotel group, resort, resorts,
  cruise line, cruise, cruises, travel agency, travel booking, booking site, vacation rentals, car
  rental, tour operator, airport, hospitality, bed and breakfast, hostel, hostels, scooter rental,
  bike rental
restaurants: restaurant, restaurant chain, restaurant group, catering, caterer, bars, cafe, cafes,
  coffee shop, coffee shops, food service, fast food, pizzeria, pizzerias, diner, diners, pub,
  pubs, gastropub, gastropubs, tavern, taverns, bistro, bistros, brasserie, steakhouse, taqueria,
  taquerias, deli, delis, eatery, eateries, food truck, food trucks, {dishes}
gaming: game, games, game studio, games studio, video games, video game, mobile games, mobile
  gaming, game developer, game publisher, esports, e sports, casino, online casino, betting,
  gambling
education: school, schools, school district, college, colleges, higher education, k twelve,
  academy, online courses, e learning, elearning, training provider, tutoring, business school
childcare < education: child care, daycare, daycares, day care, preschool, preschools, kindergarten,
  nursery school
university < education: universities, academic, research institute
telecommunications: mobile network, phone network, mobile phone network,
  telecom, telecoms, telco, telephone company, wireless carrier, mobile operator, mobile carrier,
  phone company, internet provider, internet service provider, isp, broadband, cable company,
  phone carrier, cable operator, network operator, fiber company, satellite company
real estate: property management, property mgmt, title company, title agency, property, property
  developer, realtor, realtors, realty, brokerage, real estate agency, housing company, commercial
  real estate, co working, coworking, apartments, letting agency, estate agent, estate agents
nonprofit: non profit, not for profit, ngo, charity, charities, foundation, humanitarian, church,
  churches, food bank, food banks, food pantry, homeless shelter
government: public sector, city government, federal agency, state agency, county, municipality,
  city council, local government, government agency, ministry, police department, fire department,
  public administration, local council, town council, federal government, department of health,
  department of transportation, municipal, town hall, city hall, village hall, courthouse,
  public works
energy: oil and gas, utility, utilities, power company, electricity, solar, wind power,
  renewables, renewable energy, energy company, oil company
construction: construction company, builder, builders, building company, home builder, home
  builders, house builder, housebuilder, contractor, contractors, general contractor, hvac,
  electrical contractor, electricians, excavating, excavation, excavators, paving, masonry,
  concrete, carpentry, carpenters, painters, architecture firm, architects, hardscape, hardscaping
roofing < construction: roofer, roofers
plumbing < construction: plumber, plumbers
landscaping < construction: landscaper, landscapers, lawn care, tree service, tree work
engineering < construction: civil engineering, structural engineering, engineering firm,
  engineering company, surveying, surveyors, land surveying
agriculture: farming, farm, farms, farmers, agritech, agtech, crop, crops, livestock, agricultural,
  seeds, seed company, greenhouse, greenhouses, vineyard, vineyards, fishery, fisheries, forestry
legal: law firm, law firms, law office, law practice, legal services, attorneys, solicitors
consulting: consultancy, consulting firm, consulting company, advisory, management consulting
recruiting: recruitment, recruiting firm, staffing, staffing agency, recruitment agency, recruiting
  agency, temp agency, human resources company
facility services: cleaning company, security company, facility management, pest control
"""

_DISHES = (
    "pizza taco burrito burger sandwich sushi ramen noodle bagel donut barbecue bbq wing".split()
)
_SERVED_AT = "place places shop shops joint joints spot truck stand".split()
"""A dish and what it is served at name a restaurant: "a taco place"."""
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
    r"(?: (?!to\b|can\b|could\b|will\b|would\b|should\b|must\b)\w+){0,2}?"
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
"""Activities that imply a trade: "we move containers" is logistics."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade with all its words."""

    name: str
    parent: str | None
    words: tuple[str, ...]


def _parsed() -> tuple[Trade, ...]:
    made = []
    dishes = ", ".join(f"{dish} {at}" for dish in _DISHES for at in _SERVED_AT)
    tree = re.sub(r"\n +", " ", _TREE).replace("{dishes}", dishes)
    for line in tree.strip().splitlines():
        head, _, words = line.partition(": ")
        name, _, parent = head.partition(" < ")
        made.append(Trade(name, parent or None, (name, *words.split(", "))))
    return tuple(made)


TRADES = _parsed()
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
