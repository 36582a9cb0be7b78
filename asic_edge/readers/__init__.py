"""The readers: one file each, which know one way of asking devices and do not know each other."""
