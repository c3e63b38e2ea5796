------------------------ MODULE RevisionsWithoutEnd -------------------------
\* Nobody counts the rounds.
EXTENDS Workflow

Always == TRUE
=============================================================================
