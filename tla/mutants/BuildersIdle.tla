---------------------------- MODULE BuildersIdle ----------------------------
\* Nothing is assumed of those who could take a task.
EXTENDS Consensus

Idleness == TRUE
=============================================================================
