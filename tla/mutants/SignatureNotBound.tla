------------------------- MODULE SignatureNotBound --------------------------
\* Having signed once is enough, whatever stands now.
EXTENDS Consensus

SignedOnce(t, a) == signed[t][a] # 0
=============================================================================
