"""How settings name a secret: a variable of one prefix, or a file in one folder; never the secret itself.

I decide the form of such a name. Whoever keeps or reads a setting calls me. I never look a secret up.
"""

import re

REFERENCE = re.compile(r"(?:env:TAKTVOLL_SECRET_[A-Z0-9_]{1,60}|file:[A-Za-z0-9_-][A-Za-z0-9._-]{0,80})$")
"""A prefix and a folder of their own, so that no setting can name another program's secret."""
