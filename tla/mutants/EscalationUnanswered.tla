------------------------ MODULE EscalationUnanswered ------------------------
\* Nothing is assumed of the person who is asked.
EXTENDS Workflow

NobodyAnswers == TRUE
=============================================================================
