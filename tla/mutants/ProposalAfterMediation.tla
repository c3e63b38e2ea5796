----------------------- MODULE ProposalAfterMediation -----------------------
\* After a mediation an agent may still propose anew.
EXTENDS Consensus

ProposeAnew(t, a) ==
    /\ Ready(t) /\ t \notin done
    /\ status[t] \in {"none", "open"}
    /\ ~asked[t]
    /\ rounds[t] < MaxRounds
    /\ status' = [status EXCEPT ![t] = "open"]
    /\ PutForward(t, a)
    /\ UNCHANGED <<signed, mediated, asked, resets, locked, queue>>
=============================================================================
