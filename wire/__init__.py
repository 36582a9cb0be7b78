"""What the programs say to one another: messages, metrics, units and their encoding."""
