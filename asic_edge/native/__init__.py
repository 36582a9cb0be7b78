"""The library's code runs in a process of its own: what befalls it there does not befall the agent."""
