------------------------- MODULE AmendedAfterTheEnd -------------------------
\* The planner may emit a new version also of what has ended.
EXTENDS Workflow

AmendAnything ==
    /\ phase \notin {"DraftGoal", "NeedsRevision", "Escalated"}
    /\ RoundsLeft
    /\ rounds' = rounds + 1
    /\ NewVersion
=============================================================================
