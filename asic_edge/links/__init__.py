"""How devices are asked: one question, one answer, bounded, with the reason when there is none."""
