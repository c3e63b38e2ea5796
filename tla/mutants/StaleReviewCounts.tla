------------------------- MODULE StaleReviewCounts --------------------------
\* A review counts for the branch as it is now, whichever revision it looked at.
EXTENDS AsyncReview

Awaited(m) == Awaiting(m.worker)
=============================================================================
