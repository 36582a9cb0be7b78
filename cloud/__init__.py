"""The commander: takes reports, keeps them, shows them live."""
