---------------------------- MODULE TokenReused -----------------------------
\* A lease that is given again has the token of the one before.
EXTENDS Consensus

ClaimAgain(b, t) ==
    /\ holds[b] = Free
    /\ Ready(t) /\ t \notin done
    /\ status[t] = "locked"
    /\ ~leased[t]
    /\ token' = [token EXCEPT ![t] = 1]
    /\ leased' = [leased EXCEPT ![t] = TRUE]
    /\ holds' = [holds EXCEPT ![b] = [task |-> t, token |-> 1]]
    /\ UNCHANGED <<built, stamp, done, session>>
=============================================================================
