--------------------------- MODULE OldPlanPushed ----------------------------
\* A coder who follows an old plan may push.
EXTENDS AsyncReview

AnyPlan == TRUE
=============================================================================
