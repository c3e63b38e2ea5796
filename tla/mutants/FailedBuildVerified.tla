------------------------ MODULE FailedBuildVerified -------------------------
\* Whatever the executor answers counts as done.
EXTENDS Workflow

AnyOutcome(m) ==
    /\ m.worker = "executor"
    /\ phase' = "Verified"
    /\ build' = IF m.says = "pass" THEN m.ver ELSE build
    /\ attempt' = 0
    /\ net' = net \ {m}
    /\ UNCHANGED <<report, critique>>
=============================================================================
