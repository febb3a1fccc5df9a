"""The program's front door: `taktvoll` and `python -m taktvoll`.

I decide nothing; I hand the words to cli. The shell calls me. I never import more than that.
"""

from taktvoll.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
