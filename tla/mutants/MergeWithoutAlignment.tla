----------------------- MODULE MergeWithoutAlignment ------------------------
\* What the merger has ready is merged, whatever happened to branch and approval in the meantime.
EXTENDS AsyncReview

AnyMerge(m) ==
    /\ m.worker = "merger"
    /\ stage \notin Final
    /\ m.says = "merged"
    /\ stage' = "Merged"
    /\ merged' = m.ver
    /\ attempt' = 0
    /\ net' = net \ {m}
    /\ UNCHANGED <<branch, rounds, goOns, job, report, review, waiver, approval, revoked>>
=============================================================================
