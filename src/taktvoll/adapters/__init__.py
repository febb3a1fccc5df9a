"""How: one third-party library per folder, behind the ports of the domain."""
