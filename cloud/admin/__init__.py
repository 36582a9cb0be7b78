"""What an operator does to a deployed commander: `commands` are the program's, `smoke` tries one out."""
