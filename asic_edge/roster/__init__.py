"""The devices that this edge looks after, on disk: what each is, what people call it, where it was last."""
