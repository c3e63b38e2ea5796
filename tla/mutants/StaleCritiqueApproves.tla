----------------------- MODULE StaleCritiqueApproves ------------------------
\* The critic accepted some version: its stamp is not looked at.
EXTENDS Workflow

AcceptedOnce == report.ver = version /\ critique.says = "accept"
=============================================================================
