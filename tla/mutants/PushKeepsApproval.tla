------------------------- MODULE PushKeepsApproval --------------------------
\* A push to an approved branch leaves it approved: "it is only a small change".
EXTENDS AsyncReview

QuietPush ==
    /\ coder # 0
    /\ PlanInForce
    /\ stage \in {"Executing"} \cup Overlap
    /\ head > 0 => MayPush
    /\ head' = head + 1
    /\ follows' = coder
    /\ coder' = 0
    /\ rounds' = IF head = 0 THEN rounds ELSE rounds + 1
    /\ stage' = IF stage = "Approved" THEN stage ELSE "ExecutionComplete"
    /\ attempt' = 0
    /\ UNCHANGED <<plan, goOns, net, job, record>>
=============================================================================
