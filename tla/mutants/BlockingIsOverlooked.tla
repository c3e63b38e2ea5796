------------------------ MODULE BlockingIsOverlooked ------------------------
\* An approval with proof does not look at the findings.
EXTENDS Workflow

Overlooked ==
    /\ phase = "Formalized"
    /\ Aligned
    /\ ApproveWith("ApprovedWithProof")
=============================================================================
