"""What can be learnt from what happened: shares with their uncertainty, and the judgement of an evaluation file."""
