------------------------- MODULE UnknownCountsAsMet -------------------------
\* A dependency that nobody knows holds nothing up.
EXTENDS Consensus

KnownAndDone(d) == d \in Tasks => d \in done
=============================================================================
