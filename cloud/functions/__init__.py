"""The commander as Lambda functions: one module a trigger, each with a `handler` made at the cold start."""
