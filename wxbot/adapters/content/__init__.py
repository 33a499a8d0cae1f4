"""Operators' YAML files → one validated, frozen `Script`, or every problem at once with its place."""
