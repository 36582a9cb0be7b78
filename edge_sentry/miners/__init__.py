"""Mining programs on this rig: how each is asked for its figures, and how its answer is read."""
