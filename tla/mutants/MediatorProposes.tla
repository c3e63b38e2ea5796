-------------------------- MODULE MediatorProposes --------------------------
\* The mediator puts its own words in place of the text.
EXTENDS Consensus

Rewrite(t) ==
    /\ Stuck(t)
    /\ rounds[t] > 0
    /\ ~asked[t]
    /\ MediationsLeft(t)
    /\ mediated' = [mediated EXCEPT ![t] = @ + 1]
    /\ rounds' = [rounds EXCEPT ![t] = 0]
    /\ texts' = [texts EXCEPT ![t] = @ + 1]
    /\ text' = [text EXCEPT ![t] = texts'[t]]
    /\ UNCHANGED <<status, position, signed, asked, resets, locked, queue>>
=============================================================================
