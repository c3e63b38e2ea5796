-------------------------- MODULE LateAnswerCounts --------------------------
\* Any answer counts while an answer of that worker is awaited, whatever it is the answer to.
EXTENDS Workflow

AnyAnswer(m) == phase = AwaitedIn[m.worker]
=============================================================================
