"""What an ASIC edge keeps in its data folder beside the roster."""
