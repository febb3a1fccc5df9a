"""The fixed texts the assistant may say, each in German and English, versioned together.

I decide the words of notices, offers and hints. Wording, the release rules and the doors call me.
I never contain a fact about a company. These texts are part of every edition by their version.
"""

from collections.abc import Mapping

VERSION = "1"

FIXED: Mapping[str, tuple[str, str]] = {
    "ai_notice": (
        "Sie schreiben mit einer KI. Sie antwortet nur aus freigegebenen Texten und kann sich irren. "
        "Ein Mensch ist jederzeit für Sie da: Schreiben Sie einfach „Mensch“.",
        "You are writing with an AI. It answers only from approved texts and can be wrong. "
        "A person is there for you at any time: just write “person”.",
    ),
    "ai_label": ("KI-Assistenz", "AI assistant"),
    "greeting": ("Guten Tag! Wobei kann ich Ihnen helfen?", "Hello! How can I help you?"),
    "thanks": (
        "Gern geschehen. Kann ich sonst noch etwas für Sie tun?",
        "You are welcome. Is there anything else I can do for you?",
    ),
    "goodbye": ("Auf Wiedersehen und einen schönen Tag!", "Goodbye and have a nice day!"),
    "clarify": (
        "Ich bin mir nicht sicher, was Sie meinen. Geht es um eines davon?",
        "I am not sure what you mean. Is it one of these?",
    ),
    "decline": (
        "Dazu habe ich keine geprüfte Auskunft. Soll ich einen Menschen dazuholen?",
        "I have no approved information on this. Shall I bring in a person?",
    ),
    "open_question": (
        "Zu Ihrer weiteren Frage habe ich keine geprüfte Auskunft. Soll ich einen Menschen dazuholen?",
        "I have no approved information on your other question. Shall I bring in a person?",
    ),
    "handover": (
        "Ich gebe Ihr Gespräch an einen Menschen weiter. Alles, was Sie geschrieben haben, liegt dort vor. "
        "Sie können hier weiterschreiben.",
        "I am passing your conversation on to a person. They can see everything you have written. "
        "You can keep writing here.",
    ),
    "only_in": (
        "Diese Auskunft liegt nur in einer anderen Sprache vor:",
        "This information is only available in another language:",
    ),
    "not_text": (
        "Das habe ich nicht verstanden. Schreiben Sie mir bitte in eigenen Worten, worum es geht.",
        "I did not understand that. Please tell me in your own words what it is about.",
    ),
}
"""Fixed text by name: German, English."""


def fixed(name: str, language: str) -> str:
    """Give a fixed text in German for "de…", in English otherwise."""
    german, english = FIXED[name]
    return german if spoken(language) == "de" else english


def spoken(language: str) -> str:
    """The language in which fixed texts are said to someone who speaks `language`."""
    return "de" if language.lower().startswith("de") else "en"
