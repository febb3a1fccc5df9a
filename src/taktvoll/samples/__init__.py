"""Sample companies that come with taktvoll; invented, and our own work."""
