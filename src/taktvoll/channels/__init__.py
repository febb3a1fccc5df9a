"""The ways a message comes or goes; each channel stands alone."""
