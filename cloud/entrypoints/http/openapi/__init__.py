"""The description of the HTTP interface for programs: loaded when somebody asks for it, and not before."""
