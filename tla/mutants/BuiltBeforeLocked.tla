------------------------- MODULE BuiltBeforeLocked --------------------------
\* A task is handed out before its text is settled.
EXTENDS Consensus

ClaimEarly(b, t) ==
    /\ holds[b] = Free
    /\ Ready(t) /\ t \notin done
    /\ ~leased[t]
    /\ token[t] < MaxLeases
    /\ token' = [token EXCEPT ![t] = @ + 1]
    /\ leased' = [leased EXCEPT ![t] = TRUE]
    /\ holds' = [holds EXCEPT ![b] = [task |-> t, token |-> token'[t]]]
    /\ UNCHANGED <<built, stamp, done, session>>
=============================================================================
