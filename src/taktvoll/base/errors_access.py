"""What failures of signing in, of keys and of the list of staff are called and how they read.

I decide these texts, German and English. errors.py takes me into its table. I never carry personal data.
"""

from collections.abc import Mapping

ACCESS: Mapping[str, tuple[str, str]] = {
    "sign_in.code": (
        "Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und geben Sie ihn ein.",
        "This code is wrong or has been used. Wait for the next one and enter it.",
    ),
    "sign_on.unset": (
        "Die Anmeldung über Ihre Firma ist hier nicht eingerichtet. Melden Sie sich mit Passwort an.",
        "Signing in through your company is not set up here. Sign in with a password.",
    ),
    "sign_on.failed": (
        "Die Anmeldung über Ihre Firma hat nicht geklappt. Bitte beginnen Sie noch einmal.",
        "Signing in through your company did not work. Please start again.",
    ),
    "sign_on.not_allowed": (
        "Ihre Firma hat Sie angemeldet, aber hier haben Sie keinen Zugang. Fragen Sie Ihre Administration.",
        "Your company has signed you in, but you have no access here. Ask your administrator.",
    ),
    "sign_on.unreachable": (
        "Der Anmeldedienst Ihrer Firma antwortet gerade nicht. Versuchen Sie es gleich noch einmal.",
        "Your company's sign-in service does not answer right now. Try again shortly.",
    ),
    "secret.missing": (
        "Unter {reference} liegt kein Geheimnis. Setzen Sie die Umgebungsvariable, oder legen Sie die Datei an.",
        "There is no secret at {reference}. Set the environment variable, or create the file.",
    ),
    "secret.folder": (
        "Das Geheimnis {reference} lässt sich nicht ablegen. Prüfen Sie die Rechte am Ordner der Geheimnisse und den"
        " freien Platz.",
        "The secret {reference} cannot be put away. Check the permissions of the folder of secrets and the free space.",
    ),
    "step_up.old": (
        "Ihre Anmeldung liegt länger als {limit} Minuten zurück. Melden Sie sich neu an und versuchen Sie es dann.",
        "You signed in more than {limit} minutes ago. Sign in again, then try once more.",
    ),
    "password.wrong": (
        "Das Passwort stimmt nicht.",
        "The password is wrong.",
    ),
    "password.short": (
        "Das neue Passwort braucht mindestens {limit} Zeichen. Ein ganzer Satz ist leicht zu merken.",
        "The new password needs at least {limit} characters. A whole sentence is easy to remember.",
    ),
    "password.differ": (
        "Die beiden neuen Passwörter sind verschieden. Geben Sie zweimal dasselbe ein.",
        "The two new passwords differ. Enter the same one twice.",
    ),
    "factor.exists": (
        "Ein zweiter Faktor ist schon eingerichtet. Entfernen Sie ihn, bevor Sie einen neuen einrichten.",
        "A second factor is set up already. Remove it before you set up a new one.",
    ),
    "factor.code": (
        "Dieser Code passt nicht zum neuen Eintrag in Ihrer App. Warten Sie auf den nächsten, oder beginnen Sie neu.",
        "This code does not fit the new entry in your app. Wait for the next one, or start again.",
    ),
    "factor.demanded": (
        "Hier ist ein zweiter Faktor Pflicht; er lässt sich nicht entfernen.",
        "A second factor is required here; it cannot be removed.",
    ),
    "key.unknown": (
        "Dieser Schlüssel öffnet hier nichts. Prüfen Sie ihn, oder lassen Sie sich einen neuen geben.",
        "This key opens nothing here. Check it, or ask for a new one.",
    ),
    "key.scope": (
        "Diesem Schlüssel fehlt das Recht {scope}. Machen Sie einen Schlüssel, der es hat.",
        "This key lacks the scope {scope}. Make a key that has it.",
    ),
    "key.scopes": (
        "Diese Rechte kann ein Schlüssel nicht haben: {found}. Möglich sind: {scopes}.",
        "A key cannot have these scopes: {found}. Possible are: {scopes}.",
    ),
    "key.name": (
        "Ein Schlüssel braucht einen Namen von 1 bis {limit} Zeichen.",
        "A key needs a name of 1 to {limit} characters.",
    ),
    "key.days": (
        "Ein Schlüssel gilt 1 bis {limit} Tage, oder ohne Ende.",
        "A key lasts 1 to {limit} days, or has no end.",
    ),
    "key.missing": (
        "Diesen Schlüssel gibt es nicht. Welche es gibt, zeigt: taktvoll key list.",
        "There is no such key. To see which there are: taktvoll key list.",
    ),
    "staff.last_admin": (
        "Das ist die letzte Person mit der Rolle Administration. Geben Sie die Rolle zuerst jemand anderem.",
        "This is the last administrator. Give the role to someone else first.",
    ),
    "staff.exists": (
        "Unter dieser Adresse gibt es hier schon jemanden, vielleicht deaktiviert. Sehen Sie in der Liste nach.",
        "There is someone with this address already, perhaps deactivated. Look into the list.",
    ),
    "staff.address": (
        "Das ist keine E-Mail-Adresse. Sie sieht so aus: name@firma.example.",
        "This is not an e-mail address. One looks like this: name@company.example.",
    ),
    "staff.name": (
        "Bitte nennen Sie einen Namen mit höchstens {limit} Zeichen.",
        "Please give a name of at most {limit} characters.",
    ),
    "staff.role": (
        "Diese Rolle gibt es nicht. Wählen Sie eine aus der Liste.",
        "There is no such role. Choose one from the list.",
    ),
    "staff.link": (
        "Dieser Link gilt nicht mehr. Bitten Sie Ihre Administration um einen neuen.",
        "This link is no longer valid. Ask your administrator for a new one.",
    ),
}
