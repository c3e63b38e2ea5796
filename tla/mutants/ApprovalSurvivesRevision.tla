---------------------- MODULE ApprovalSurvivesRevision ----------------------
\* A new version stays approved because the old one was.
EXTENDS Workflow

StaysApproved ==
    /\ version' = version + 1
    /\ phase' = IF phase \in Approved THEN phase ELSE "ProposedWorkflow"
    /\ attempt' = 0
    /\ approval' = [approval EXCEPT !.ver = IF phase \in Approved THEN version + 1 ELSE @]
    /\ UNCHANGED <<goOns, net, job, report, critique, waiver, build, revoked>>
=============================================================================
