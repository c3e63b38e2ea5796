------------------------- MODULE ApprovalNotChecked -------------------------
\* The executor begins as soon as there is a report that does not block.
EXTENDS Workflow

Hasty ==
    /\ phase = "Formalized"
    /\ report.ver = version
    /\ NothingBlocks
    /\ phase' = "Implementing"
    /\ attempt' = 1
    /\ net' = Asking("executor", 1)
    /\ UNCHANGED <<version, rounds, goOns, job, record>>
=============================================================================
