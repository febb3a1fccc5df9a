"""E-mail: its way out, and the door over HTTP; fetching stands in `entry/work/mailboxes.py` and `adapters/imap`."""
