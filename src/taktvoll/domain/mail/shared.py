"""Domains whose addresses belong to strangers: whoever likes gets one there, so that a common domain proves nothing.

I decide which they are: the providers that people in Germany use most. The rule for Reply-To calls me. I never say that
an address is bad.
"""

SHARED = frozenset(
    """
    aim.com aol.com aol.de arcor.de bluewin.ch email.com email.de fastmail.com freenet.de gmail.com gmx.at
    gmx.ch gmx.com gmx.de gmx.info gmx.net googlemail.com hotmail.com hotmail.de hush.com icloud.com
    kabelmail.de live.com live.de mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com o2mail.de
    o2online.de online.de online.ms outlook.at outlook.com outlook.de pm.me posteo.de posteo.net proton.me
    protonmail.com rocketmail.com t-online.de tuta.com tuta.io tutanota.com tutanota.de unity-mail.de
    unitybox.de vodafone.de vodafonemail.de web.de yahoo.com yahoo.de yandex.com ymail.com zoho.com
    """.split()
)
