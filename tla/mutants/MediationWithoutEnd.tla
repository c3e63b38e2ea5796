------------------------ MODULE MediationWithoutEnd -------------------------
\* The mediator steps in again and again, and no person is ever asked.
EXTENDS Consensus

OneMore(t) == TRUE
=============================================================================
