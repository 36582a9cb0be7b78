"""What a rig is assigned: believed only when signed, installed only when it is what was signed."""
