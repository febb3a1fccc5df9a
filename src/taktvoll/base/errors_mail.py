"""What failures of mailboxes and mails are called and how they read; part of the table in errors.py.

I decide these texts. errors.py takes me in. I never carry personal data.
"""

from collections.abc import Mapping

MAIL: Mapping[str, tuple[str, str]] = {
    "mailbox.setting": (
        "Die Einstellung „{name}“ des Postfachs stimmt nicht. Erlaubt: {detail}.",
        "The mailbox's setting “{name}” is not right. Allowed: {detail}.",
    ),
    "mailbox.footer": (
        "Die Fußzeile lässt sich nicht lesen: {file}. Die Datei muss da sein und Text in UTF-8 enthalten.",
        "The footer cannot be read: {file}. The file must be there and hold text in UTF-8.",
    ),
    "mailbox.settings": (
        "Seine Einstellungen stimmen nicht. „taktvoll mailbox set“ sagt, welche.",
        "Its settings are not right. “taktvoll mailbox set” says which one.",
    ),
    "mail.unknown": ("Diese E-Mail gibt es nicht.", "There is no such e-mail."),
    "mail.erased": (
        "Das Original dieser E-Mail wurde gelöscht.",
        "The original of this e-mail has been erased.",
    ),
    "mailbox.unknown": (
        "Ein Postfach „{name}“ gibt es nicht. Welche es gibt, zeigt: taktvoll mailbox list.",
        "There is no mailbox “{name}”. To see which there are: taktvoll mailbox list.",
    ),
    "mailbox.exists": (
        "Ein Postfach „{name}“ gibt es schon. Ändern Sie es mit: taktvoll mailbox set {name}.",
        "There is a mailbox “{name}” already. Change it with: taktvoll mailbox set {name}.",
    ),
    "mailbox.taken": (
        "Die Adresse {name} gehört schon zu einem anderen Postfach. Nehmen Sie sie dort zuerst heraus.",
        "The address {name} belongs to another mailbox already. Take it out there first.",
    ),
    "mailbox.token": (
        "Dieses Token öffnet kein Postfach. Ein neues macht: taktvoll mailbox set NAME --new-token.",
        "This token opens no mailbox. To make a new one: taktvoll mailbox set NAME --new-token.",
    ),
    "mailbox.stalled": (
        "Das Postfach wurde zu lange nicht mit Erfolg gelesen. Prüfen Sie, ob „taktvoll work“ läuft, und probieren"
        " Sie es aus mit: taktvoll mailbox test NAME.",
        "The mailbox has not been read with success for too long. Check that “taktvoll work” runs, and try it out with:"
        " taktvoll mailbox test NAME.",
    ),
    "mailbox.unreachable": (
        "Der Mailserver ist nicht erreichbar. Prüfen Sie Name und Port, und ob eine Firewall dazwischen steht.",
        "The mail server cannot be reached. Check host and port, and whether a firewall is in between.",
    ),
    "mailbox.timeout": (
        "Der Mailserver antwortet nicht. Prüfen Sie den Port; später wird es von selbst wieder versucht.",
        "The mail server does not answer. Check the port; it is tried again by itself later.",
    ),
    "mailbox.lost": (
        "Der Mailserver hat die Verbindung beendet. Es wird von selbst wieder versucht.",
        "The mail server closed the connection. It is tried again by itself.",
    ),
    "mailbox.answer": (
        "Der Mailserver antwortet anders als erwartet. Prüfen Sie, ob auf diesem Port IMAP gesprochen wird.",
        "The mail server answers other than expected. Check whether it speaks IMAP on this port.",
    ),
    "mailbox.certificate": (
        "Das Zertifikat des Mailservers gilt nicht für diesen Namen oder ist nicht vertrauenswürdig. Prüfen Sie den"
        " Namen; bei einem eigenen Zertifikat legen Sie dessen Aussteller als --ca-file file:NAME ab.",
        "The mail server's certificate is not valid for this name or not trusted. Check the name; with a certificate of"
        " your own, name its issuer as --ca-file file:NAME.",
    ),
    "mailbox.no_tls": (
        "Die Verbindung ließ sich nicht verschlüsseln. Versuchen Sie --imap-security tls mit Port 993 oder starttls"
        " mit 143.",
        "The connection could not be encrypted. Try --imap-security tls with port 993, or starttls with 143.",
    ),
    "mailbox.sign_in": (
        "Der Mailserver nimmt Benutzer und Passwort nicht an. Manche Anbieter verlangen ein eigenes App-Passwort.",
        "The mail server refuses user and password. Some providers want an app password.",
    ),
    "mailbox.folder": (
        "Den Ordner gibt es auf dem Mailserver nicht. Prüfen Sie --folder; meist heißt er INBOX.",
        "The folder does not exist on the mail server. Check --folder; mostly it is INBOX.",
    ),
    "mailbox.read_only": (
        "Der Ordner darf nur gelesen werden. Erlauben Sie das Ändern, oder wählen Sie --after keep.",
        "The folder is read-only. Allow changes, or choose --after keep.",
    ),
    "mailbox.settle": (
        "Der Mailserver lässt E-Mails nicht als gelesen markieren oder verschieben. Prüfen Sie die Rechte am Ordner.",
        "The mail server does not let mails be marked or moved. Check the rights on the folder.",
    ),
    "mailbox.oauth_not_connected": (
        "Für dieses Postfach hat noch niemand beim Anbieter zugestimmt (OAuth). Holen Sie das nach mit: taktvoll"
        " mailbox connect NAME.",
        "Nobody has agreed at the provider for this mailbox yet (OAuth). To do so: taktvoll mailbox connect NAME.",
    ),
    "mailbox.oauth_consent": (
        "Der Anbieter gibt diesem Postfach keinen Zugang mehr: Die Zustimmung (OAuth) wurde zurückgezogen oder ist"
        " abgelaufen. Erneuern Sie sie mit: taktvoll mailbox connect NAME.",
        "The provider no longer grants this mailbox access: the consent (OAuth) was withdrawn or has expired. To renew"
        " it: taktvoll mailbox connect NAME.",
    ),
    "mailbox.oauth_client": (
        "Der Anbieter erkennt das Programm nicht an (OAuth): Client-ID oder Client-Geheimnis stimmen nicht, oder das"
        " Geheimnis ist abgelaufen. Prüfen Sie --oauth-client, und legen Sie ein neues Geheimnis ab.",
        "The provider does not accept the program (OAuth): client id or client secret are wrong, or the secret has"
        " expired. Check --oauth-client, and put a new secret in its place.",
    ),
    "mailbox.oauth_request": (
        "Der Anmeldedienst (OAuth) lehnt die Anfrage ab. Prüfen Sie --oauth-tenant, --oauth-scope und die Rechte, die"
        " der Anbieter dem Programm gibt.",
        "The sign-in service (OAuth) refuses the request. Check --oauth-tenant, --oauth-scope and the permissions that"
        " the provider gives the program.",
    ),
    "mailbox.oauth_unreachable": (
        "Der Anmeldedienst des Anbieters (OAuth) ist nicht erreichbar. Es wird von selbst wieder versucht; hält es an,"
        " prüfen Sie, ob eine Firewall dazwischen steht.",
        "The provider's sign-in service (OAuth) cannot be reached. It is tried again by itself; if it lasts, check"
        " whether a firewall is in between.",
    ),
    "mailbox.oauth_answer": (
        "Der Anmeldedienst (OAuth) antwortet anders als erwartet. Prüfen Sie die Adresse hinter --oauth.",
        "The sign-in service (OAuth) answers other than expected. Check the address after --oauth.",
    ),
    "mailbox.oauth_not_kept": (
        "Der Ordner der Geheimnisse lässt sich nicht beschreiben. Der Anbieter erneuert das Token dieses Postfachs von"
        " Zeit zu Zeit, und es muss dort abgelegt werden: Prüfen Sie Rechte und freien Platz.",
        "The folder of secrets cannot be written to. The provider renews this mailbox's token now and then, and it must"
        " be kept there: check permissions and free space.",
    ),
    "mailbox.oauth_sign_in": (
        "Der Mailserver nimmt das Token des Anbieters (OAuth) nicht an. Prüfen Sie, ob --user die Adresse des Postfachs"
        " ist, ob dieselbe Person zugestimmt hat, und ob das Programm beim Anbieter dieses Postfach lesen darf.",
        "The mail server refuses the provider's token (OAuth). Check that --user is the mailbox's address, that the"
        " same person agreed, and that the provider lets the program read this mailbox.",
    ),
    "mailbox.oauth_unoffered": (
        "Der Mailserver bietet keine Anmeldung mit Token (OAuth) an. Prüfen Sie --imap-host, oder melden Sie das"
        " Postfach mit --oauth „“ und einem Passwort an.",
        "The mail server offers no sign-in by token (OAuth). Check --imap-host, or sign the mailbox in by a password,"
        " with --oauth “”.",
    ),
    "mailbox.oauth_denied": (
        "Die Zustimmung beim Anbieter kam nicht zustande: Sie wurde abgelehnt, oder die Zeit lief ab. Beginnen Sie von"
        " vorn mit: taktvoll mailbox connect NAME.",
        "The consent at the provider did not come about: it was declined, or time ran out. Begin again with: taktvoll"
        " mailbox connect NAME.",
    ),
    "mailbox.oauth_pasted": (
        "Das ist nicht die Adresse, bei der die Zustimmung endete. Sie beginnt mit http://127.0.0.1 und steht nach dem"
        " Zustimmen in der Adresszeile; kopieren Sie sie ganz. Beginnen Sie von vorn mit: taktvoll mailbox"
        " connect NAME.",
        "This is not the address that the consent ended at. It begins with http://127.0.0.1 and stands in the address"
        " bar after agreeing; copy all of it. Begin again with: taktvoll mailbox connect NAME.",
    ),
    "mailbox.oauth_short": (
        "Der Anbieter hat nur kurz Zugang gegeben, ohne Refresh-Token. Nehmen Sie in --oauth-scope auf, was dauerhaften"
        " Zugang verlangt (oft offline_access).",
        "The provider gave access for a short while only, without a refresh token. Add to --oauth-scope what asks for"
        " lasting access (often offline_access).",
    ),
    "mailbox.oauth_not_asked": (
        "Für dieses Postfach muss niemand zustimmen: Es meldet sich mit einem Passwort oder als Programm an. Soll eine"
        " Person zustimmen, nennen Sie mit --oauth-refresh file:NAME, wo das Token liegen soll, und bei anderen"
        " Anbietern --oauth-device-url oder --oauth-authorize-url.",
        "Nobody needs to agree for this mailbox: it signs in by a password or as a program. If a person is to agree,"
        " name with --oauth-refresh file:NAME where the token is to lie, and for other providers --oauth-device-url or"
        " --oauth-authorize-url.",
    ),
    "reply_address.gone": (
        "Inzwischen bittet eine neuere E-Mail um etwas anderes, oder es wurde schon bestätigt. Bitte sehen Sie noch"
        " einmal hin.",
        "A newer e-mail asks for something else by now, or it has been confirmed already. Please have another look.",
    ),
    "reply_address.forged": (
        "Diese Adresse lässt sich nicht bestätigen: Der Absender ist vermutlich gefälscht. Fragen Sie auf einem anderen"
        " Weg nach.",
        "This address cannot be confirmed: the sender is probably forged. Ask by another way.",
    ),
    "reply_address.ours": (
        "Diese Adresse lässt sich nicht bestätigen: Sie gehört zu einem Postfach dieses Hauses.",
        "This address cannot be confirmed: it belongs to a mailbox of this house.",
    ),
}
