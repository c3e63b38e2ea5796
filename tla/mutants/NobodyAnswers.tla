--------------------------- MODULE NobodyAnswers ----------------------------
\* Nothing is assumed of the person who is asked.
EXTENDS Consensus

Silence == TRUE
=============================================================================
