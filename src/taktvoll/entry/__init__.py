"""The rooms where someone asks: programs, agents, authors, customers and due jobs."""
