"""People who write to us: who they are, what proves it, and how two records of one person are joined."""
