-------------------------- MODULE CoderNeverPushes --------------------------
\* Nothing is assumed of a coder who has begun.
EXTENDS AsyncReview

Forever == TRUE
=============================================================================
