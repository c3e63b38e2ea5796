"""A small, independent interpreter of the base workflow IR.

It is a second reading of the semantics (S-1 to S-17 without channels and
instances), written for clarity and not for speed. It shares no code and no
algorithmic idea with the Rust engines on purpose: where both agree on verdicts
and on state counts, a misreading would have to have been made twice.

Trusted for nothing; used as a test oracle only.
"""
