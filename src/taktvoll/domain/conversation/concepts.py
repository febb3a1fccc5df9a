"""Which ideas the words of a message touch: "riecht" is a smell, "Therme" a boiler, German and English.

I decide by a table of words alone, one line an idea; a star stands for any ending or beginning. The rules of needs and
the models call me. I never say what a message means: that takes several ideas together.
"""

# ruff: noqa: E501 - one line an idea

import re
import unicodedata
from collections.abc import Mapping

VERSION = "ideas-1"
CHARS_MAX = 4000
TOKENS_MAX = 800

_TABLE = """
# the body in danger
body: brust* brustkorb herz* arm arme bein beine kopf hals gesicht* mund* zunge zungen lippe* auge augen pupille* bauch* nacken finger daumen hand hände körper* haut luftröhre speiseröhre hüfte fuß wirbelsäule chest arm leg face throat tongue lips eye eyes head belly wrist neck
breath: atmet atmen atme atmung* atemnot* atem luft luftnot röchel* keuch* erstick* japst pfeift breath* choking choke wheez* luftweg* schnauft
gone: bewusstlos* ohnmächtig* ohnmacht* kollabiert zusammengebrochen zusammengesackt zusammengeklappt umgekippt umgefallen ansprechbar erweckbar reagiert krampft krampfanfall* anfall anfälle zuckt zuckend wacht weckbar aufwachen unconscious collapsed fainted seizure* unresponsive responding puls regungslos bewegt* schläfrig* wecken
symptom: taub taubheit* gelähmt lähmung* kribbel* lallt lallen verwaschen schief schief* hängt blau blaue blass* bleich* kreidebleich schwindlig* schwindelig* schwindel schweiß schwitzt kotzt kotzen erbricht erbrechen erbrochen übergibt geschwollen anschwell* schwillt quaddeln ausschlag hochfieber fieber* zittert druck drückt enge stechen schmerz* schmerzen weh numb dizzy vomit* swollen pale droop* pain wirr benommen herzrasen herzinfarkt infarkt schlaganfall hirnschlag stroke allergi* schock
blood: blut blutet blutend blute blutige* verblut* bleed* blood wunde spritzt
swallow: verschluckt geschluckt getrunken gegessen verzehrt geleckt genuckelt eingenommen intus trinkt schluckt trinken gespritzt swallowed drank drunk ate eaten inhaliert eingeatmet
poison: *reiniger *reinigers spülmittel* tabs tab pods waschmittel* bleiche bleichmittel chlor* lampenöl* entkalker knopfzelle* knopfbatterie* magnete beere* pilz* frostschutz* gift* vergift* säure* lauge chemikal* kleber poison* bleach pills tablette* medikament* *tabletten paracetamol ibuprofen überdos* überdosis overdos* drogen pille* schlaftablette*
injury: gestürzt sturz abgestürzt verbrannt verbrüht eingeklemmt gebissen gestochen stromschlag* stromstoß* gewischt unfall* verschüttet ertrink* ertrunken untergegangen electrocut* burned burnt fell accident crash* steckdose verunglückt
rescue: krankenwagen rettungswagen notarzt rettungsdienst 112 911 999 ambulance rettung notruf sanitäter
close: mann frau kind kinder sohn tochter baby mama papa mutter vater oma opa bruder schwester freundin freund kollege kollegin nachbar* enkel* kleine kleiner husband wife son daughter mother father mum dad mom child toddler grandpa grandma mitbewohner* schwiegermutter schwiegervater tante onkel bua bub *jähriger *jährige
# giving up on life
dying: sterben sterbe stirbt tot tod umbringen umbring* umzubringen suizid* selbstmord* freitod die dying dead suicide suicidal kill erlöst ableben
life: leben lebens lebe weiterleben dasein welt life live living existier* existenz da
farewell: abschied* abschiedsbrief* lebewohl verabschied* lebt lebet farewell goodbye vermissen vermisst machts verzeiht verzeih
burden: last belastung dran burden überflüssig wertlos nutzlos loswerden worthless
give_up: schluss ende beenden ausweg* sinnlos* sinn hoffnungslos* aufgeben kraft müde satt aushalten ertragen ertrage ausgehalten pointless hopeless tired anymore wozu wofür
method: brücke* gleis* gleise gleisen bahngleis* schienen strick seil pulsader* balkon springen springe spring springt aufhängen aufhäng* erhäng* rasierkling* dach hochhaus bridge jump rope geländer
self: ich mir mich mein meine meinem meiner i me my myself i'm i mi
alone: keiner niemand niemanden allein alleine einsam* egal nobody alone koana keinen
settled: geregelt regeln regelt beerdigung* bestattung* erbe testament hinterlass* verschenk* aufgeräumt sortiert abgemeldet
soon: bald demnächst heute nacht abend morgen letzte letzter letzten letztes letztmals tonight soon last endgültig nimmer
not: nicht nich net ned nit kein keine keinen keinem keiner nie niemals nimmer nix nichts no not never don't can't cannot isn't doesn't dont cant ohne
# gas
gas: gas erdgas gasgeruch* gashahn* gasleitung* gasherd* gastherme* gasheizung* gasflasche* gaskocher* gasofen* *gas gasmelder* gasrohr* propan* butan*
smell: riech* riecht geruch* stinkt stink stinken gestank mief* müffelt smell* schwefel* eier eiern eggs rotten faulig* *geruch
hiss: zisch* pfeif* rauscht blubber* strömt ausström* austritt ausgetreten leck undicht* hiss* leak* entweicht tritt angebohrt abgerissen erwischt riss
monoxide: kohlenmonoxid* co warnmelder* *melder alarm* piept piepst piepen carbon monoxide alarm abgas* schrillt
boiler: therme* heizung* boiler* kessel* herd ofen öfen kamin* grill* kohlegrill* shisha* holzkohle* brenner* durchlauferhitzer* heizpilz* heizstrahler* heater stove furnace generator* stromaggregat* notstromaggregat* kocher*
headache: kopfschmerz* kopfweh kopfdruck übel übelkeit schlapp schlecht headache* nausea* nauseous müde schwummrig dusselig schummrig
fire: feuer flamme* brennt gebrannt brand qualm* rauch raucht rauchwolke explod* explosion* knall knallt verpuff* funken smoke fire stichflamme* verbrannt
place: keller* treppenhaus* hausflur flur küche haus wohnung garage straße bagger* kindergarten nachbarhaus basement kitchen hallway
meter: gasrechnung* gaspreis* gaszähler* zähler zählerstand* abschlag* tarif* gasanbieter* gasanschluss* gasverbrauch* gasvertrag* gasgrill* stromzähler* umlage* kwh bill meter tariff
# violence
attack: schlägt schlagen schlug geschlagen schlägerei verprügel* prügel* würgt gewürgt würgen getreten angegriff* angreif* überfall überfallen vergewaltig* misshand* gewalt zugeschlagen messer pistole waffe axt baseballschläger hammer hit hits hitting beat beats beating attack* stab* gun knife strangl* choked punch* schubst gestoßen geschubst angespuckt
threat: bedroh* droht drohen drohung* drohbrief* erpress* stalk* verfolgt verfolgen auflauer* lauert abpassen passt umbringen töten kaltmach* kalt abstech* absteche fertig kille killen threaten* threat bombe bomb sprengstoff* sprengsatz amok* anzünden anzünde abfackel* räche rache büßen bereuen blaues revenge hunt hurt blut knallen erschieß* shoot
door: tür türe haustür eingeschlossen eingesperrt versteck* versteckt badezimmer* hämmert rüttelt bricht einbruch* einbrecher* door locked hiding schloss zimmer schlafzimmer
partner: ex exfreund* exmann ehemann partner lebensgefährt* stiefvater boyfriend girlfriend verflossen* mann freund
staff: mitarbeiter* sachbearbeiter* filiale* büro amt laden berater* monteur* euch ihnen ihr rathaus praxis zentrale schalter staff office branch
fear: angst ängste ängstlich panik* scared afraid fürcht* traue trau terrified zittere
police: polizei* 110 police polizist*
# fraud
debit: abgebucht abbuch* abbuchung* lastschrift* überwiesen überweisung* buchung* belastet belastung* kontobewegung* umsatz umsätze charged charge charges debit* transaction* payment* withdrawn abgehoben abgehob* behoben eingezogen
ordered: bestellt bestellung* kredit* finanziert finanzierung* vertrag* inkasso* rechnung* mahnung* loan handyvertrag* konto eröffnet
not_mine: unbekannt* fremd fremde fremder fremden unberechtigt* unauthori* unknown unerklärlich* verdächtig* komisch* kenne kenn sagt merkwürdig* recognise recognize casino* onlinecasino*
stolen: gestohlen* geklaut* klaut geklauter diebstahl* dieb diebe entwendet weggenommen stolen theft thief gemopst abgezogen ausgeraubt verloren verschwunden
card: karte karten ec girocard kreditkarte* bankkarte* sperr sperrt sperren gesperrt sperrung card cards block freeze geldbeutel geldbörse* portemonnaie* brieftasche* wallet handy
phish: phishing* link geklickt angeklickt eingegeben eingetippt tan tans pin passwort* zugangsdaten* code codes anruf* angerufen anrufer* enkeltrick* betrüg* betrug* gefälscht* fake* scam* hack* gehackt* identität* clicked entered password identity onlinebanking fernzugriff anydesk teamviewer schockanruf* whatsapp ausweis trojaner* kaperte übernommen login eingeloggt
pretends: angeblich* ausgegeben ausgab behauptet behauptete namen microsoft pretend* claim* vermeintlich* falsche falscher falschen
# those who need protection
mind: dement demente* demenz* alzheimer* verwirrt* geistig* behindert behinderung* lernbehinder* autis* psychose* psychisch* trisomie betreuer betreuerin betreuung betreut* betreuten vormund geschäftsunfähig* confused dementia disabled disability schlaganfall manisch* depression* psychiatrie lernschwäche einwilligungsvorbehalt parkinson verstehe versteht verstanden einwilligungsfähig
device: beatmung* sauerstoff* dialyse* heimdialyse* konzentrator* absaug* infusion* pumpe ernährungspumpe* *pumpe pflegebett* treppenlift* rolli *rolli rollstuhl* hausnotruf* notrufknopf* inhalier* inhalator* cpap insulin oxygen ventilator wheelchair magensonde* kunstherz herzmaschine überwachungsmonitor atemgerät* *gerät schlafapnoe* cochlea* tracheostoma lifter stairlift
outage: strom stromausfall* abgestellt abstellen abstellt sperre gesperrt sperrung* abgeklemmt ausfall ausgefallen fällt störung* heizung kalt warmwasser outage power electricity heating friert frieren abschalt* abgeschaltet off aus tot
infant: baby babys säugling* neugeboren* frühchen schwanger* schwangere zwilling* pregnant newborn infant stillen kaiserschnitt hochschwanger
care: pflegebedürftig* pflegegrad* pflegestufe* pflegeheim* pflegedienst* heim bettlägerig* gebrechlich* gehörlos* blind blinde blinder erblindet taubblind* analphabet* sehbehinder* carer deaf krebs chemo* gelähmt querschnitt* rollator oma opa großmutter großvater uroma alte alter alten lesen pflege pflegekraft pflegerin elderly
talked: aufgeschwatzt* aufgedräng* aufgequatscht überredet überreden überrumpelt untergejubelt angedreht andreh* gedrängt unterschrieben unterschreiben unterschreibt haustür vertreter kaffeefahrt* verkäufer* sold signed talked pressured drückerkolonne tricksen
# the law
lawyer: anwalt anwält* anwalts* rechtsanwalt* rechtsanwält* kanzlei* rechtsbeistand* rechtsschutz* lawyer* solicitor* attorney* advokat* jurist* juristisch*
court: gericht* klage klagen verklag* klageweg mahnbescheid* amtsgericht* landgericht* justiz court sue suing rechtsweg* rechtliche* richter* prozess einklagen sammelklage eingeklagt
office: verbraucherzentrale* verbraucherschutz* verbraucherschützer* schlichtung* schlichter* ombuds* bundesnetzagentur* netzagentur bafin aufsicht* regulier* ärztekammer* beschwerdestelle* datenschutzbehörde* kommunalaufsicht regulator watchdog kartellamt petition* aufsichtsbehörde*
press: presse zeitung* lokalzeitung fernsehen rtl wiso journalist* reporter* öffentlichkeit öffentlich press newspaper media trustpilot bild stern lokalblatt
charge: anzeige anzeigen strafanzeige* anzeig* staatsanwalt* prosecut*
ultimatum: frist sonst ansonsten andernfalls spätestens letztmalig otherwise unless montag freitag dann
# data protection
data: daten *daten datensatz* akte akten patientenakte* profil account nummer adresse* email mail mails foto fotos bilder name namen data record records file personal verlauf kundendaten
delete: lösch* löscht entfern* streich* tilgen tilgt vernicht* vergess* raus rausnehmen rauslösch* weg verschwind* delete erase remove wipe forget wegmachen ausradier* aussa
privacy: dsgvo* ds-gvo datenschutz* auskunft* gdpr privacy datenpanne* übermittlungssperre auskunftssperre datenleck
copy: kopie* gespeichert* speichert speicherung einsicht* akteneinsicht herausgabe* stored hold copy übersicht* aufgelistet sehen auflist*
correct: berichtig* korrigier* falsch falsche falscher geändert ändern ändert änderung richtigstell* verbessern correct update richtig schreibweise vermerk*
object: widersprech* widerspreche widerspruch* untersag* verbiet* object objection verweiger*
consent: einwillig* zustimm* zugestimmt erlaubt erlaubnis genehmigt freigegeben häkchen consent agreed permission gestattet
advert: werbung* werbe* newsletter* reklame* verteiler* marketing unsubscribe werbeanruf* *werbung spam
third: weitergab* weitergeb* weitergegeben dritte dritten schufa* verkauft profiling scoring track* auswert* sharing share ausspioniert abgefragt herausgegeben
# the end of a contract
cancel: kündig* künd* gekündigt kündigung* widerruf* storn* rücktritt* abmeld* abgemeldet abbestell* beend* auflös* aufgelöst zurücktret* trete rückgängig* zurückgeb* zurückzieh* zurückgezogen zurücknehm* cancel* terminat* revoke withdraw* close closed schließen schließt dichtmach* aussteigen austret* austritt end retoure zurückschick* abbrech*
contract: vertrag* verträge abo abos abonnement* mitglied* konto police *versicherung versicherung* tarif* bestellung* kauf kaufvertrag* antrag anmeldung* anschluss* depot* sparplan* contract subscription membership order policy account strom* karte* kurs* *vertrag *konto *abo *karte
no_longer: mehr brauche brauch brauchen verzicht* doch nimmer longer anymore anderweitig überflüssig
hereby: hiermit hereby fristgerecht fristgemäß nächstmöglich* sonderkündigung* sofort
# asking
how: wie wann wo warum was welche welcher welches wer woran wohin how when what where which who why does wieso wieviel
may: kann darf muss müssen gilt geht gibt können könnte can may must do möglich* dürfen
maybe: falls wäre würde überleg* theoretisch interesse interessiert* eigentlich generell allgemein wüsste nachfragen vergleiche prüfung referat lerne vielleicht
paper: termin* formular* rezept* befund* unterlagen bescheinigung* attest* kurs öffnungszeit* kostenübernahme nachweis* beleg* quittung* broschüre* anleitung* flyer
bought: kaufen lieferbar größe farbe lieferung* paket* preis* kostet kosten rabatt* angebot* artikel price cost deliver*
joke: haha* lol xd hihi lach* spaß witz begeistert lustig
past: letztes vorig* damals früher jahr jahre jahren verheilt ausgeheilt vergangen* gewesen erledigt ago years
now: jetzt gerade grad eben plötzlich minuten sofort schnell hilfe notfall help now suddenly minutes dringend jetz stunde stunden seit
# a person, please
talk: sprech* spricht red* rede reden telefonier* gespräch* schwätz* schnack* quatschen speak talk beratung* besprech* klären unterhalten mündlich
call: anruf* anrufen ruf rufe rufen ruft rückruf* zurückruf* telefon* telefonat* durchwahl* durchklingel* hotline* call phone ring callback durchstellen verbinden verbindet verbinde melden meldet
human: mensch* mitarbeiter* berater* kolleg* sachbearbeiter* ansprechpartner* chef* leiter* leitung *leitung jemand* wen wem wer einer einen person personen persönlich* human agent someone somebody representative manager supervisor advisor adviser echte* echten fachkraft fachmann experte* technik* arzt doktor operator wen
bot: bot bots chatbot* ki roboter* maschine* computer* automat* programm textbaustein* robot ai machine automatisch* standardmail* standardantwort* sprachcomputer
# anger
insult: idiot* depp* arsch* dreck* scheiß* scheiss* verarsch* lügner* lügen betrüger* penner* saftladen* gauner* räuber* abzock* unfähig* inkompeten* dumm* blöd* lächerlich* fuck* shit* stupid incompetent liars thieves bastard* verbrecher* versager* schwachsinn* mistladen* clowns
outrage: frechheit* unverschämt* unfassbar* dreist* schnauze nase wütend* sauer stinksauer wut zumutung* skandal* schande kragen furious outrageous ridiculous unacceptable unglaublich* pfui reicht's reichts reicht satt disgrace* disgusting verschaukelt veräppelt hingehalten unterirdisch* katastroph* hohn verhöhn* respektlos* ignorier* appalling
again: wieder dreimal viermal fünfmal zweimal dritte dritten vierte vierten fünfte wochenlang monatelang again third fourth times wochen monate ständig immer jedes weeks months
irony: toll klasse respekt bravo glückwunsch* gratul* herzlichen herrlich wunderbar prima super großartig brilliant congratulations reizend applaus chapeau hut hervorragend
praise: danke dank lob super toll spitze klasse freu* perfekt* nett* thanks thank great love lieb* zufrieden glücklich
# despair
cry: weine weint weinen weinend heule heult heulen tränen crying cry tears schluchz* geweint geheult
despair: verzweif* hilflos* überforder* zusammenbr* bricht schlafe schlafen schlaflos* schäme zerbrech* desperate overwhelmed anxious kaputt weiter weiß verloren nervenzusammenbruch halt boden gedanken atme
loss: gestorben verstorb* tod tot beerdigung* beerdigt witwe* trauer* verlust trennung scheidung* fehlgeburt* died passed funeral widow begraben hinterblieben* krebs totgeburt
money: miete geld schulden pleite pfänd* insolven* rent debt afford lohn jobcenter zahlen raten essen kühlschrank obdachlos* wohnungslos* rausgeworfen bezahlen
"""


_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "’": "'", "`": "'", "´": "'"})
_BARE = str.maketrans("äöü", "aou")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_AGE = re.compile(
    r"\b(?:ich bin|bin|i'm|i am|ist|is|alter|age|jahrgang)(?: (?:erst|ja|schon|gerade|only|just))? (\d{1,3})\b(?! ?(?:km|kilometer|euro|%|minuten|tage|wochen|prozent))"
    r"|\b(\d{1,3})[ -]?(?:j(?:a|ä|ae)hr(?:e|ig)\w*|jaehrig\w*|jahre alt|years? old|year-old|j\.)|\((\d{2})\)"
)
MINOR_MAX, OLD_MIN, OLD_MAX = 17, 75, 110

Table = tuple[Mapping[str, tuple[int, ...]], Mapping[str, tuple[int, ...]], Mapping[str, tuple[int, ...]]]


def _read(table: str) -> tuple[tuple[str, ...], Table]:
    names: list[str] = []
    whole: dict[str, set[int]] = {}
    begins: dict[str, set[int]] = {}
    ends: dict[str, set[int]] = {}
    for line in table.strip().splitlines():
        if line.startswith("#"):
            continue
        name, _, words = line.partition(":")
        number = len(names)
        names.append(name)
        for word in words.split():
            known = word.strip("*").casefold()
            kind = ends if word.startswith("*") else begins if word.endswith("*") else whole
            for spelt in {known.translate(_FOLDED), known.translate(_BARE)}:
                kind.setdefault(spelt, set()).add(number)
    packed = [{word: tuple(sorted(n)) for word, n in kind.items()} for kind in (whole, begins, ends)]
    return (*names, "minor", "old", "asks", "shouts"), (packed[0], packed[1], packed[2])


NAMES, _KNOWN = _read(_TABLE)
_NUMBER = {name: i for i, name in enumerate(NAMES)}
_STEM_MIN, _STEM_MAX = 3, 22


def folded(text: str) -> str:
    """Fold case, umlauts and apostrophes, so that spellings that mean the same look the same."""
    return unicodedata.normalize("NFKC", text[:CHARS_MAX]).casefold().translate(_FOLDED)


def concepts(text: str) -> dict[str, str]:
    """Name the ideas that a message touches, each with the first word that showed it."""
    plain = folded(text)
    found: dict[int, str] = {}
    for token in _TOKEN.findall(plain)[:TOKENS_MAX]:
        for number in _of(token):
            found.setdefault(number, token)
    for match in _AGE.finditer(plain):
        age = int(next(g for g in match.groups() if g))
        if age <= MINOR_MAX:
            found.setdefault(_NUMBER["minor"], match.group())
        elif OLD_MIN <= age <= OLD_MAX:
            found.setdefault(_NUMBER["old"], match.group())
    if "?" in plain:
        found[_NUMBER["asks"]] = "?"
    if "!!" in plain:
        found[_NUMBER["shouts"]] = "!!"
    return {NAMES[number]: found[number] for number in sorted(found)}


def _of(token: str) -> list[int]:
    whole, begins, ends = _KNOWN
    found = list(whole.get(token, ()))
    for length in range(_STEM_MIN, min(len(token), _STEM_MAX) + 1):
        if token[:length] in begins:
            found.extend(begins[token[:length]])
        if token[-length:] in ends:
            found.extend(ends[token[-length:]])
    return found
