"""E-mail: what is new in a letter, what it asks, whether a machine wrote it, to which conversation it belongs."""
