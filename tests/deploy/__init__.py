"""The whole commander deployed to an emulator of AWS, each edition, and used there as people use it."""
