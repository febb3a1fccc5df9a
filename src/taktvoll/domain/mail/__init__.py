"""E-mail: what a letter is, what its sender newly wrote, whether a machine wrote it, and to which conversation it belongs."""
