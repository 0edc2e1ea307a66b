"""Fees over whole columns: a schedule's service compiled to integers, exact to the fen.

Pure. `lines` is a number that stands for every amount of an interval; the engine's own operations run on it, so that
nothing of a schedule is written twice. `compiling` cuts the amounts where an operation's comparison turns and keeps a
straight line a piece; `evaluation` reads the pieces for a column, with numpy or in plain integers. What does not come
out as straight lines is left to the exact engine, row by row.
"""
