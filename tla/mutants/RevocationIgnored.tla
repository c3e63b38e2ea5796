------------------------- MODULE RevocationIgnored --------------------------
\* The revocation is put on record, but what goes on goes on.
EXTENDS Workflow

NotedOnly ==
    /\ phase \in Approved \cup {"Implementing"}
    /\ revoked' = revoked \cup {version}
    /\ UNCHANGED <<phase, version, rounds, goOns, attempt, net, job, report, critique, waiver, approval, build>>
=============================================================================
