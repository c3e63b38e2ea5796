----------------------------- MODULE NoTimeout ------------------------------
\* An answer is waited for without end, and the network may lose it.
EXTENDS Workflow

Never == FALSE
=============================================================================
