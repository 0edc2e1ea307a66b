"""The fee engine: published schedules as data, and their arithmetic, exact to the last digit.

Pure: no web, no database. A schedule file is read by `reader`, described by `schedule`,
computed by `calculation` out of the `operations`, which stand on the formulas of `shapes`.
Every number is a Fraction until the one half-up rounding at the end.
"""
