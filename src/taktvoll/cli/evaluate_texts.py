"""The words of an evaluation, German and English, and how numbers read in each.

I decide how a figure is said. The table and the page of `taktvoll evaluate` call me. I never compute a figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from taktvoll.domain.insight.evaluation import Evaluation, Figures
from taktvoll.domain.insight.judging import Fault
from taktvoll.domain.insight.statistics import Share
from taktvoll.domain.insight.thresholds import Found, Promise
from taktvoll.domain.knowledge.confidence import PPM

_TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("Wie richtig antwortet die Assistenz?", "How right is the assistant?"),
    "edition": ("Ausgabe {n}", "edition {n}"),
    "no_edition": ("noch keine Ausgabe", "no edition yet"),
    "questions": ("{n} Fragen", "{n} questions"),
    "kinds": (
        "{covered} beantwortbar, {uncovered} nicht beantwortbar, {person} für einen Menschen",
        "{covered} answerable, {uncovered} not answerable, {person} for a person",
    ),
    "unlabelled": ("{n} ohne Erwartung ausgelassen", "{n} without expectation left out"),
    "unknown": (
        "Erwartete Quellen, die es in der Ausgabe nicht gibt: {ids}. Solche Zeilen zählen als falsch.",
        "Expected sources that the edition does not have: {ids}. Such lines count as wrong.",
    ),
    "changed": (
        "Während der Messung trat eine andere Ausgabe in Kraft. Bitte messen Sie noch einmal.",
        "Another edition came into force meanwhile. Please evaluate again.",
    ),
    "of": ("{hits} von {of}", "{hits} of {of}"),
    # groups of figures
    "finding": ("Finden", "Finding"),
    "answering": ("Antworten", "Answering"),
    "people": ("Menschen", "People"),
    "certainty": ("Sicherheit", "Certainty"),
    "right_first": ("richtige Stelle zuerst", "right source first"),
    "right_in_five": ("richtige Stelle unter fünf", "right source in five"),
    "reciprocal": ("mittlerer Kehrwert des Rangs", "mean reciprocal rank"),
    "covered_given": ("beantwortbare Fragen beantwortet", "answerable questions answered"),
    "covered_right": ("… und richtig", "… and rightly"),
    "wrong": ("falsch unter gegebenen Antworten", "wrong among given answers"),
    "false": ("Antwort, wo keine passt", "answer where none fits"),
    "no_answer": ("… richtig geschwiegen", "… rightly kept silent"),
    "offered": ("Richtiges unter den Angeboten", "right one among the choices"),
    "answered_instead": ("Antwort, wo ein Mensch nötig war", "answer where a person was needed"),
    "urgency": ("Dringlichkeit erkannt", "urgency recognised"),
    "expected": ("erwartet", "expected"),
    "precision": ("Genauigkeit", "precision"),
    "recall": ("Trefferquote", "recall"),
    "person": ("ein Mensch überhaupt", "a person at all"),
    "emergency": ("Notfall jeder Art", "any emergency"),
    "macro_f1": ("Mittel der F1 über die Gründe", "mean F1 over the reasons"),
    "calibration": ("Kalibrierungsfehler", "calibration error"),
    "p50": ("Millisekunden, Mitte", "milliseconds, median"),
    "p99": ("… 99 von 100 höchstens", "… 99 in 100 at most"),
    "threshold": ("Schwelle", "threshold"),
    # what the file proves
    "kept": (
        "Das Versprechen hält: Bei der Schwelle {now} sind mit {sure} Sicherheit höchstens {bound} der Antworten falsch"
        " (erlaubt: {tolerated}).",
        "The promise is kept: at threshold {now}, at most {bound} of the answers are wrong, with {sure} confidence"
        " (tolerated: {tolerated}).",
    ),
    "missing": (
        "Das Versprechen ist nicht bewiesen: Bei der Schwelle {now} können bis zu {bound} der Antworten falsch sein"
        " (erlaubt: {tolerated}). Dafür fehlen noch {missing} richtige Antworten in der Datei.",
        "The promise is not proven: at threshold {now}, up to {bound} of the answers may be wrong (tolerated:"
        " {tolerated}). That takes {missing} more right answers in the file.",
    ),
    "open": (
        "Das Versprechen ist nicht bewiesen: Bei der Schwelle {now} sind {risk} der Antworten falsch, es können bis zu"
        " {bound} sein (erlaubt: {tolerated}).",
        "The promise is not proven: at threshold {now}, {risk} of the answers are wrong, it may be up to {bound}"
        " (tolerated: {tolerated}).",
    ),
    "broken": (
        "Das Versprechen ist gebrochen: Bei der Schwelle {now} sind {risk} der Antworten falsch, mit {sure} Sicherheit"
        " mehr als die erlaubten {tolerated}.",
        "The promise is broken: at threshold {now}, {risk} of the answers are wrong, with {sure} confidence more than"
        " the tolerated {tolerated}.",
    ),
    "silent": (
        "Bei der Schwelle {now} wird keine dieser Fragen beantwortet.",
        "At threshold {now}, none of these questions is answered.",
    ),
    "proven": (
        "Vorschlag: Ab der Schwelle {point} wird {coverage} beantwortet, und mit {sure} Sicherheit ist davon höchstens"
        " {tolerated} falsch.",
        "Suggestion: from threshold {point} on {coverage} are answered, and with {sure} confidence at most {tolerated}"
        " of that is wrong.",
    ),
    "too_small": (
        "Die Datei ist zu klein, um eine Schwelle vorzuschlagen: Dazu braucht es mindestens {needed} beantwortete"
        " Fragen, hier sind es {reach}.",
        "The file is too small to suggest a threshold: that takes at least {needed} answered questions, here are"
        " {reach}.",
    ),
    "not_proven": (
        "Keine Schwelle beweist das Versprechen mit dieser Datei.",
        "No threshold proves the promise with this file.",
    ),
    # cases
    "cases": ("Die schwersten Fälle", "The worst cases"),
    "line": ("Zeile", "line"),
    "what": ("was geschah", "what happened"),
    "sure": ("sicher", "sure"),
    "question": ("Frage", "question"),
    "answered_with": ("Antwort, richtig wäre", "answer, right would be"),
    Fault.EMERGENCY_MISSED: ("Notfall übersehen", "emergency missed"),
    Fault.PERSON_MISSED: ("kein Mensch geholt", "no person brought in"),
    Fault.FALSE_ANSWER: ("Antwort, wo keine passt", "answer where none fits"),
    Fault.WRONG_ANSWER: ("falsche Antwort", "wrong answer"),
    Fault.NEEDLESS_PERSON: ("unnötig übergeben", "needless handover"),
    Fault.OTHER_REASON: ("anderer Grund", "another reason"),
    Fault.SHOULD_HAVE_ASKED: ("nicht nachgefragt", "did not ask back"),
    Fault.NOT_ANSWERED: ("nicht beantwortet", "not answered"),
    "answer": ("beantwortet", "answered"),
    "clarify": ("nachgefragt", "asked back"),
    "decline": ("„weiß ich nicht“", "“I do not know”"),
    "handover": ("übergeben", "handed over"),
    "no_answer_wanted": ("keine Antwort", "no answer"),
    # the page
    "found_said": (
        "beantwortbarer Fragen: die richtige Stelle zuerst",
        "of answerable questions: the right source first",
    ),
    "given_said": ("beantwortbarer Fragen: sofort beantwortet", "of answerable questions: answered at once"),
    "wrong_said": (
        "der Antworten falsch, sicher nicht mehr als {bound}",
        "of answers wrong, surely no more than {bound}",
    ),
    "false_said": (
        "nicht beantwortbarer Fragen: trotzdem beantwortet",
        "of unanswerable questions: answered all the same",
    ),
    "between": ("zwischen {low} und {high}", "between {low} and {high}"),
    "speed": (
        "die Hälfte in {p50} ms beantwortet, 99 von 100 in {p99} ms",
        "half answered in {p50} ms, 99 in 100 in {p99} ms",
    ),
    "none_such": ("keine solche Frage in der Datei", "no such question in the file"),
    "curve": ("Wer mehr beantwortet, irrt häufiger", "Whoever answers more errs more often"),
    "curve_x": ("beantworteter Anteil aller Fragen zum Wissen", "share of all knowledge questions answered"),
    "curve_y": ("falsch unter den Antworten", "wrong among answers"),
    "curve_line": ("gemessen", "measured"),
    "curve_bound": ("sicher nicht mehr ({sure})", "surely no more ({sure})"),
    "tolerated": ("erlaubt: {tolerated}", "tolerated: {tolerated}"),
    "now_mark": ("jetzt", "now"),
    "suggested_mark": ("Vorschlag", "suggested"),
    "reliability": ("Ist sie so sicher, wie sie sagt?", "Is it as sure as it says?"),
    "reliability_x": ("Sicherheit der Assistenz", "the assistant's confidence"),
    "reliability_y": ("wirklich richtig", "really right"),
    "ideal": ("ideal", "ideal"),
    "off_by": ("im Mittel {error} Prozentpunkte daneben", "off by {error} percentage points on average"),
    "bars": ("Kommt ein Mensch, wenn er gebraucht wird?", "Does a person come when one is needed?"),
    "bars_none": (
        "In dieser Datei braucht keine Frage einen Menschen.",
        "No question in this file needs a person.",
    ),
    "recall_said": ("gebraucht und geholt", "needed and brought in"),
    "precision_said": ("geholt und gebraucht", "brought in and needed"),
    "fate": ("Was aus den Fragen wird", "What becomes of the questions"),
    "covered": ("beantwortbar", "answerable"),
    "not_covered": ("nicht beantwortbar", "not answerable"),
    "fate_right": ("richtig beantwortet", "answered rightly"),
    "fate_wrong": ("falsch beantwortet", "answered wrongly"),
    "fate_clarify": ("nachgefragt", "asked back"),
    "fate_decline": ("„weiß ich nicht“", "“I do not know”"),
    "fate_handover": ("an einen Menschen", "to a person"),
    "foot": (
        "In Klammern und an den Balken: 95-%-Bereiche (Wilson); Obergrenzen nach Clopper und Pearson.",
        "In brackets and at the bars: 95 % intervals (Wilson); upper bounds by Clopper and Pearson.",
    ),
    # reasons
    "request": ("Wunsch nach einem Menschen", "wish for a person"),
    "anger": ("Ärger", "anger"),
    "distress": ("Not, Verzweiflung", "distress"),
    "emergency_medical": ("Notfall: Gesundheit", "emergency: medical"),
    "emergency_suicide": ("Notfall: Suizid", "emergency: suicide"),
    "emergency_gas": ("Notfall: Gas", "emergency: gas"),
    "emergency_violence": ("Notfall: Gewalt", "emergency: violence"),
    "fraud": ("Betrug", "fraud"),
    "legal_threat": ("rechtliche Drohung", "legal threat"),
    "data_protection": ("Datenschutz", "data protection"),
    "revocation": ("Widerruf, Kündigung", "revocation, cancellation"),
    "vulnerable": ("schutzbedürftig", "vulnerable"),
    "guideline": ("Leitlinie", "guideline"),
    "no_answer_reason": ("keine Antwort", "no answer"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What an evaluation is of: the company, the file, when it was made, and how many lines had no label."""

    company: str
    file: str
    at: datetime
    unlabelled: int = 0


class Words:
    """The texts and number forms of one language."""

    def __init__(self, language: str) -> None:
        self.language = "de" if language.startswith("de") else "en"
        self._place = 0 if self.language == "de" else 1

    def say(self, name: str, **values: object) -> str:
        """A text with its values."""
        return _TEXTS[name][self._place].format_map({k: str(v) for k, v in values.items()})

    def reason(self, name: str) -> str:
        """A handover reason in words; one that has none yet stands as it is called."""
        key = "no_answer_reason" if name == "no_answer" else name
        return _TEXTS[key][self._place] if key in _TEXTS else name.replace("_", " ")

    def number(self, value: float, digits: int = 2) -> str:
        """A number."""
        return f"{value:.{digits}f}".replace(".", "," if self.language == "de" else ".")

    def percent(self, value: float, digits: int = 1) -> str:
        """A share in percent; whole ones without a decimal."""
        text = self.number(100 * value, digits)
        return text.removesuffix((",0", ".0")[self._place]) + "\N{NO-BREAK SPACE}%"

    def interval(self, share: Share) -> str:
        """Its interval, short."""
        low, high = share.interval
        return f"{self.number(100 * low, 1)}–{self.number(100 * high, 1)}"

    def threshold(self, ppm: int) -> str:
        """A threshold."""
        return self.number(ppm / PPM, 4)

    def threshold_up(self, ppm: int) -> str:
        """A threshold to set, rounded up, so that nobody sets one lower than was proven."""
        return self.threshold(-(-ppm // 100) * 100)


def edition_said(evaluation: Evaluation, words: Words) -> str:
    """Name the edition."""
    return words.say("edition", n=evaluation.edition) if evaluation.edition else words.say("no_edition")


def kinds_said(evaluation: Evaluation, found: Figures, words: Words) -> str:
    """Say how many questions of which kind were asked."""
    person = sum(o.expect.needs_person for o in evaluation.outcomes)
    kinds = words.say("kinds", covered=found.covered, uncovered=found.uncovered, person=person)
    return f"{words.say('questions', n=len(evaluation.outcomes))} ({kinds})"


def verdicts(found: Figures, promise: Promise, words: Words) -> tuple[str, str]:
    """Say in two sentences what the file proves: about the threshold in force, and about a better one."""
    return _about_now(found, promise, words), _about_better(found, promise, words)


def _about_now(found: Figures, promise: Promise, words: Words) -> str:
    s = found.suggestion
    values = {
        "now": words.threshold(s.now.threshold),
        "sure": words.percent(promise.sure),
        "bound": words.percent(s.bound),
        "tolerated": words.percent(promise.tolerated),
        "risk": words.percent(s.now.risk.value),
        "missing": s.missing,
    }
    if not s.now.answered:
        return words.say("silent", **values)
    if s.kept or s.broken:
        return words.say("kept" if s.kept else "broken", **values)
    return words.say("open" if s.missing is None else "missing", **values)


def _about_better(found: Figures, promise: Promise, words: Words) -> str:
    s = found.suggestion
    reach = found.points[-1].answered if found.points else 0
    if s.point is None:
        return words.say(s.found.value, needed=s.needed, reach=reach)
    assert s.found is Found.PROVEN
    return words.say(
        "proven",
        point=words.threshold_up(s.point.threshold),
        coverage=words.percent(s.point.answered / found.about_knowledge),
        sure=words.percent(promise.sure),
        tolerated=words.percent(promise.tolerated),
    )
