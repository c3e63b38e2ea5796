------------------------ MODULE LeaseWithoutFencing -------------------------
\* The store takes a build from whoever believes to have the task.
EXTENDS Consensus

AnyToken(b) == TRUE
=============================================================================
