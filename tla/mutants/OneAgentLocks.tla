--------------------------- MODULE OneAgentLocks ----------------------------
\* One signature locks the text.
EXTENDS Consensus

OneIsEnough(t) == text[t] # 0 /\ \E a \in Voters : SignedIt(t, a)
=============================================================================
