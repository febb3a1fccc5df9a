"""Every route of the desk, and whom it lets in.

I decide nothing; a new route without a line here fails test_access.py, which calls me. I never open a door.
"""

ALL = "agent lead editor admin auditor"
READS, SERVES = "agent lead admin auditor", "agent lead admin"
DOOR = "whoever stands outside"
ROUTES = {
    "GET /sign-in": DOOR, "POST /sign-in": DOOR, "GET /sign-in/code": DOOR, "POST /sign-in/code": DOOR,
    "GET /sign-in/company": DOOR, "GET /sign-in/return": DOOR, "GET /join/{token}": DOOR, "POST /join/{token}": DOOR,
    "POST /sign-out": DOOR, "GET ": DOOR,
    "GET /account": ALL, "POST /account/password": ALL, "POST /account/sessions/end": ALL,
    "GET /account/factor": ALL, "POST /account/factor/begin": ALL, "POST /account/factor/confirm": ALL,
    "POST /account/factor/renew": ALL, "POST /account/factor/remove": ALL,
    "GET /staff": "admin auditor", "GET /staff/{person}": "admin auditor", "POST /staff/invite": "admin",
    "POST /staff/{person}/role": "admin", "POST /staff/{person}/active": "admin",
    "POST /staff/{person}/link": "admin", "POST /staff/{person}/factor": "admin",
    "POST /staff/{person}/sessions": "admin",
    "GET /keys": "admin auditor", "POST /keys/make": "admin", "POST /keys/revoke": "admin",
    "GET /autonomy": READS, "POST /autonomy/approve": "lead admin",
    "GET /review": READS, "POST /review/judge": SERVES, "POST /review/undo": SERVES,
    "GET /wordings": "lead editor admin auditor", "POST /wordings/approve": "lead editor admin",
    "POST /wordings/reject": "lead editor admin",
    "GET /": READS, "GET /fragment": READS, "GET /stream": READS,
    "GET /c/{conversation}": READS, "GET /c/{conversation}/fragment": READS, "GET /c/{conversation}/stream": READS,
    "POST /c/{conversation}/take-over": SERVES, "POST /c/{conversation}/hand-back": SERVES,
    "POST /c/{conversation}/close": SERVES, "POST /c/{conversation}/reply": SERVES,
    "GET /mail": READS, "GET /c/{conversation}/mail/{mail}": READS,
    "GET /c/{conversation}/mail/{mail}/original": READS, "GET /c/{conversation}/mail/{mail}/view": READS,
    "GET /c/{conversation}/mail/{mail}/files/{place}": READS,
    "GET /c/{conversation}/mail/{mail}/files/{place}/picture": READS,
    "POST /c/{conversation}/typing": SERVES, "POST /c/{conversation}/undo": SERVES,
    "POST /c/{conversation}/send-now": SERVES, "POST /c/{conversation}/draft": SERVES,
    "POST /c/{conversation}/suggestion": SERVES, "POST /c/{conversation}/present": SERVES,
    "POST /c/{conversation}/reply-address": SERVES, "POST /c/{conversation}/reply-address/withdraw": SERVES,
    "POST /c/{conversation}/files": SERVES, "POST /c/{conversation}/unattach": SERVES,
    "GET /c/{conversation}/files/{seq}/{place}": READS, "GET /c/{conversation}/files/{seq}/{place}/picture": READS,
    "GET /c/{conversation}/macros": SERVES, "GET /search": READS, "POST /search": READS,
    "POST /c/{conversation}/note": SERVES, "POST /c/{conversation}/transfer": SERVES,
    "POST /c/{conversation}/assign": "lead admin", "POST /c/{conversation}/snooze": SERVES,
    "POST /c/{conversation}/wake": SERVES, "POST /c/{conversation}/reopen": SERVES,
    "POST /c/{conversation}/tag": SERVES, "POST /c/{conversation}/untag": SERVES,
    "GET /team": "lead admin auditor", "GET /team/fragment": "lead admin auditor",
    "GET /calls": READS, "POST /c/{conversation}/appointment": SERVES, "POST /c/{conversation}/settle": SERVES,
    "GET /c/{conversation}/calendar/{seq}": READS,
    "GET /hours": READS, "POST /hours": "lead admin", "POST /hours/preview": "lead admin",
    "GET /contacts": READS, "POST /contacts": READS, "GET /contacts/{contact}": READS,
    "POST /contacts/{contact}": READS,
    "POST /contacts/{contact}/change": SERVES,
    "POST /contacts/{contact}/address": SERVES, "POST /contacts/{contact}/vouch": SERVES,
    "POST /contacts/{contact}/merge": SERVES, "POST /contacts/{contact}/undo": SERVES,
    "POST /contacts/{contact}/split": SERVES, "POST /c/{conversation}/sender": SERVES, "GET /{rest:path}": ALL,
}  # fmt: skip
"""Every route of the desk and the roles that it lets in."""
