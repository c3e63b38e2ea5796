--------------------------- MODULE MediatorVotes ----------------------------
\* The mediator stands in for an agent who has not signed.
EXTENDS Consensus

WithMediator(t) ==
    /\ text[t] # 0
    /\ Cardinality({a \in Agents : SignedIt(t, a)}) + (IF mediated[t] > 0 THEN 1 ELSE 0) >= Cardinality(Agents)
=============================================================================
