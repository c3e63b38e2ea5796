--------------------------- MODULE LockIsReopened ---------------------------
\* An agent may sign and change a text that is locked.
EXTENDS Consensus

OpenOrLocked(t) == status[t] \in {"open", "locked"}
=============================================================================
