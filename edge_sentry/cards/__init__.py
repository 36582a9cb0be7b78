"""Graphics cards, whoever reads them: who they are, where they were seen, what they come to together."""
