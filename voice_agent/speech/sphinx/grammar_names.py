"""Names and nouns any caller may say: people, companies, places, teams, letters, days."""

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = ("zero ten twenty thirty forty fifty sixty seventy eighty ninety").split()
LETTERS = ("a b c d e f g h i j k l m n o p q r s t u v w x y z").split()
NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar "
    "papa quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu apple boy cat dog "
    "edward frank george henry ida john king lincoln mary nancy ocean peter queen robert sam tom "
    "union victor william young zebra"
).split()
FIRST = (
    "james john robert michael william david richard joseph thomas charles christopher daniel "
    "matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward "
    "ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin "
    "scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry "
    "tyler aaron jose adam nathan henry peter kyle carlos luis miguel mary patricia jennifer "
    "linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley "
    "kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura "
    "cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha "
    "katherine christine debra rachel carolyn janet maria heather diane olivia julie joyce "
    "victoria kelly christina joan evelyn lauren judith megan andrea hannah jacqueline martha "
    "gloria teresa ann sara madison kathryn janice jean alice julia grace judy sophia mike bob "
    "bill jim tom dave steve chris matt tony dan joe sam alex nick ben greg rick ed kate liz sue "
    "jen beth meg kim dana priya raj ahmed ali omar fatima wei chen mei yuki hiroshi ivan olga "
    "sven lars pierre marie hans klaus sofia elena marco luca diego ana rosa tara nina leo max "
    "oliver lucas liam noah ethan mason logan jordan taylor morgan casey robin jamie drew brooke "
    "claire zoe ian sean neil ravi anil sanjay kumar deepak sunil"
).split()
LAST = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez "
    "gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris "
    "sanchez clark ramirez lewis robinson walker young allen king wright scott torres hill flores "
    "green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans "
    "turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers "
    "ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson "
    "brooks wood james bennett gray hughes price myers long foster sanders ross powell sullivan "
    "russell fisher henderson cole west patel shah singh khan chen wang li zhang nguyen tran "
    "o'brien o'neill o'connor schmidt mueller weber fischer meyer wagner becker hoffman larsen "
    "hansen jensen olsen murray ford stone hunt black wells webb porter hunter hicks burke grant "
    "knight fox"
).split()
FIRM_WORDS = (
    "bright north south east west blue green red silver golden black white clear first global "
    "united national american pacific atlantic summit river lake ocean mountain star sun moon "
    "light cloud data tech smart quick swift iron steel stone oak pine maple cedar rock bridge "
    "path point harbor bay city metro urban prime peak core link net wave spark apex delta alpha "
    "omega nova orange apple fresh true wind field land gate way port view health care home trade "
    "market supply cargo freight pay bank capital house box works line cross grand royal liberty "
    "eagle"
).split()
FIRM_ENDS = (
    "systems solutions technologies group labs partners health logistics foods industries "
    "software company consulting media financial insurance retail energy bank networks services "
    "capital manufacturing analytics digital studios interactive medical security design "
    "incorporated"
).split()
TOPS = [*"com com com com com io net org co ai de eu us".split(), "co dot uk"]
MONTHS = (
    "january february march april may june july august september october november december"
).split()
DAYS = ("monday tuesday wednesday thursday friday saturday sunday").split()
DIGITS = ONES[:10]
MAILERS = (
    "gmail dot com|yahoo dot com|outlook dot com|hotmail dot com|icloud dot com|gmail|"
    "example dot com"
).split("|")
PLACES = (
    "california|texas|new york|new york city|florida|illinois|ohio|georgia|michigan|"
    "new jersey|virginia|washington|arizona|massachusetts|tennessee|indiana|missouri|"
    "maryland|wisconsin|colorado|minnesota|oregon|utah|nevada|north carolina|"
    "pennsylvania|connecticut|boston|chicago|los angeles|san francisco|seattle|denver|"
    "atlanta|dallas|houston|austin|miami|philadelphia|phoenix|san diego|portland|"
    "detroit|toronto|vancouver|montreal|canada|mexico|brazil|the us|the united states|"
    "america|north america|the uk|england|london|ireland|dublin|france|paris|germany|"
    "berlin|munich|frankfurt|spain|madrid|italy|the netherlands|amsterdam|belgium|"
    "sweden|norway|denmark|finland|switzerland|austria|poland|europe|the eu|india|"
    "bangalore|china|japan|tokyo|singapore|australia|sydney|new zealand|israel|dubai|"
    "south africa|asia|the midwest|the east coast|the west coast|latin america|"
    "the middle east"
).split("|")
TEAMS = (
    "sales|marketing|finance|support|customer success|engineering|data|analytics|"
    "operations|product|it|revenue operations|marketing operations|sales operations|"
    "data engineering|growth|procurement|legal|security|accounting|hr|design|"
    "customer support|business intelligence|compliance|logistics|e commerce|partnerships|"
    "customer service"
).split("|")
CERTS = (
    "hipaa|soc two|gdpr|iso|pci|ccpa|soc two type two|fedramp|iso twenty seven thousand one"
).split("|")
ZONES = (
    "eastern|pacific|central|mountain|eastern standard|london|european|uk|east coast|west coast"
).split("|")
ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|"
    "twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|"
    "twentieth|twenty first|twenty second|twenty third|twenty fourth|twenty fifth|"
    "twenty sixth"
).split("|")
