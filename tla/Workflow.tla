------------------------------ MODULE Workflow ------------------------------
(***************************************************************************)
(* How one workflow gets from a goal to verified work: the planner         *)
(* searches, the verifier constrains, the critic refines, a person decides,*)
(* the executor implements.                                                *)
(*                                                                         *)
(* The verifier, the critic and the executor are processes of their own.   *)
(* They are asked by message and answer by message.  A message may arrive  *)
(* late, in any order, or never (a lost message is one that nobody ever    *)
(* receives).  No worker can see the current version: it knows only the    *)
(* version it was asked about.  So it is the record keeper, who alone      *)
(* writes the record, that must judge every answer by its stamp.           *)
(*                                                                         *)
(* The states are those of formal/spec_impl.v2.yaml.  There, versions are  *)
(* bits; here they are numbers, bounded because the rounds between two     *)
(* decisions of a person are bounded and so is the person's patience.      *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
    MaxRounds,      \* revisions that the agents may make without a person
    Patience,       \* how often a person who is asked lets the agents go on
    MaxAttempts     \* how often a worker is asked the same thing before a person is

VARIABLES
    phase,          \* the state of the workflow
    version,        \* its current version; 0 before the first proposal
    rounds,         \* revisions since a person last took part
    goOns,          \* how often a person let the agents go on
    attempt,        \* the attempt whose answer is awaited; 0 when none is
    net,            \* the messages in flight
    job,            \* what each worker is at work on
    report,         \* the verifier's findings, stamped with a version
    critique,       \* the critic's advice, stamped
    waiver,         \* what a person let through, stamped
    approval,       \* a person's approval, stamped
    build,          \* the version that was implemented and tested; 0 for none
    revoked         \* the versions whose approval was taken back

record == <<report, critique, waiver, approval, build, revoked>>
vars == <<phase, version, rounds, goOns, attempt, net, job, record>>

Workers == {"verifier", "critic", "executor"}
Phases == {"DraftGoal", "ProposedWorkflow", "FormalizationInProgress", "Formalized", "NeedsRevision", "Escalated",
           "ApprovedWithProof", "ApprovedWithWaiver", "Implementing", "Verified", "Rejected"}
Terminal == {"Verified", "Rejected"}
Approved == {"ApprovedWithProof", "ApprovedWithWaiver"}
\* The phases that only an approval gives access to.
Authorized == Approved \cup {"Implementing", "Verified"}

MaxVersion == 1 + MaxRounds * (1 + Patience)
Versions == 1 .. MaxVersion

\* What a worker can answer.  "open" findings block or leave a proof open.
Answers == [verifier |-> {"clean", "open"}, critic |-> {"accept", "rework", "refuse"}, executor |-> {"pass", "fail"}]
\* The phase in which a worker's answer is awaited.
AwaitedIn == [verifier |-> "FormalizationInProgress", critic |-> "Formalized", executor |-> "Implementing"]

Idle == [ver |-> 0, att |-> 0]
Nothing == [ver |-> 0, says |-> "nothing"]
NoDecision == [ver |-> 0, by |-> "nobody"]

-----------------------------------------------------------------------------
(* Messages.  Version and attempt together are the correlation id.         *)

Ask(w, v, a) == [kind |-> "ask", worker |-> w, ver |-> v, att |-> a, says |-> ""]
Answer(w, v, a, s) == [kind |-> "answer", worker |-> w, ver |-> v, att |-> a, says |-> s]

Asks == {m \in net : m.kind = "ask"}
\* A question replaces an older one to the same worker that has not been taken up: nobody wants its answer any more.
Asking(w, a) == {m \in net : m.kind = "answer" \/ m.worker # w} \cup {Ask(w, version, a)}
AnswersInFlight == {m \in net : m.kind = "answer"}
\* With every version but the first goes a notice that all earlier ones are stale.  It is posted for all to read: a
\* worker may read it late, again and again, or never.
Notices == 2 .. version

-----------------------------------------------------------------------------
(* The guards that the rest stands on.                                     *)

\* An answer counts only if it is to the question that is open now.
Current(m) ==
    /\ m.ver = version
    /\ m.att = attempt
    /\ phase = AwaitedIn[m.worker]

\* Report and critique are of the current version, and the critic accepts it.
Aligned ==
    /\ report.ver = version
    /\ critique.ver = version
    /\ critique.says = "accept"

NothingBlocks == report.says = "clean"
Waived == waiver.ver = version
MayImplement == approval.ver = version
RoundsLeft == rounds < MaxRounds
\* Whose decision counts as a waiver.
Waivers == {"human"}
\* A notice stops work on versions before the one it came with, and no other.
Outdates(notice, v) == v < notice

-----------------------------------------------------------------------------
Init ==
    /\ phase = "DraftGoal"
    /\ version = 0
    /\ rounds = 0
    /\ goOns = 0
    /\ attempt = 0
    /\ net = {}
    /\ job = [w \in Workers |-> Idle]
    /\ report = Nothing
    /\ critique = Nothing
    /\ waiver = NoDecision
    /\ approval = NoDecision
    /\ build = 0
    /\ revoked = {}

-----------------------------------------------------------------------------
(* The planner.                                                            *)

NewVersion ==
    /\ version' = version + 1
    /\ phase' = "ProposedWorkflow"
    /\ attempt' = 0
    /\ UNCHANGED <<goOns, net, job, record>>

Propose ==
    /\ phase = "DraftGoal"
    /\ NewVersion
    /\ UNCHANGED rounds

Revise ==
    /\ phase = "NeedsRevision"
    /\ RoundsLeft
    /\ rounds' = rounds + 1
    /\ NewVersion

\* The planner does not wait for anybody: a changed goal or a better idea makes a new version while others are at work.
Amend ==
    /\ phase \in {"ProposedWorkflow", "FormalizationInProgress", "Formalized", "Implementing"} \cup Approved
    /\ RoundsLeft
    /\ rounds' = rounds + 1
    /\ NewVersion

-----------------------------------------------------------------------------
(* The workers.                                                            *)

\* A worker takes up what it is asked, and lets go of what it was at work on: the question is newer.
Take(w) ==
    \E m \in Asks :
        /\ m.worker = w
        /\ job' = [job EXCEPT ![w] = [ver |-> m.ver, att |-> m.att]]
        /\ net' = net \ {m}
        /\ UNCHANGED <<phase, version, rounds, goOns, attempt, record>>

Finish(w) ==
    /\ job[w] # Idle
    /\ \E s \in Answers[w] : net' = net \cup {Answer(w, job[w].ver, job[w].att, s)}
    /\ job' = [job EXCEPT ![w] = Idle]
    /\ UNCHANGED <<phase, version, rounds, goOns, attempt, record>>

\* A worker reads a stale notice and stops.
Hear(w) ==
    /\ job[w] # Idle
    /\ \E n \in Notices : Outdates(n, job[w].ver)
    /\ job' = [job EXCEPT ![w] = Idle]
    /\ UNCHANGED <<phase, version, rounds, goOns, attempt, net, record>>

-----------------------------------------------------------------------------
(* The record keeper.                                                      *)

StartFormalization ==
    /\ phase = "ProposedWorkflow"
    /\ phase' = "FormalizationInProgress"
    /\ attempt' = 1
    /\ net' = Asking("verifier", 1)
    /\ UNCHANGED <<version, rounds, goOns, job, record>>

AcceptReport(m) ==
    /\ m.worker = "verifier"
    /\ report' = [ver |-> m.ver, says |-> m.says]
    /\ phase' = "Formalized"
    /\ attempt' = 1
    /\ net' = Asking("critic", 1) \ {m}
    /\ UNCHANGED <<critique, build>>

AcceptCritique(m) ==
    /\ m.worker = "critic"
    /\ critique' = [ver |-> m.ver, says |-> m.says]
    /\ phase' = CASE m.says = "accept" -> "Formalized"
                  [] m.says = "rework" -> "NeedsRevision"
                  [] m.says = "refuse" -> "Rejected"
    /\ attempt' = 0
    /\ net' = net \ {m}
    /\ UNCHANGED <<report, build>>

AcceptBuild(m) ==
    /\ m.worker = "executor"
    /\ \/ /\ m.says = "pass"
          /\ MayImplement
          /\ phase' = "Verified"
          /\ build' = m.ver
       \/ /\ m.says = "fail"
          /\ phase' = "NeedsRevision"
          /\ UNCHANGED build
    /\ attempt' = 0
    /\ net' = net \ {m}
    /\ UNCHANGED <<report, critique>>

Accept ==
    \E m \in AnswersInFlight :
        /\ Current(m)
        /\ AcceptReport(m) \/ AcceptCritique(m) \/ AcceptBuild(m)
        /\ UNCHANGED <<version, rounds, goOns, job, waiver, approval, revoked>>

Discard ==
    \E m \in AnswersInFlight :
        /\ ~Current(m)
        /\ net' = net \ {m}
        /\ UNCHANGED <<phase, version, rounds, goOns, attempt, job, record>>

\* No answer in time, for whatever reason: ask again, and in the end ask a person.
Timeout ==
    \E w \in Workers :
        /\ phase = AwaitedIn[w]
        /\ attempt > 0
        /\ \/ /\ attempt < MaxAttempts
              /\ attempt' = attempt + 1
              /\ net' = Asking(w, attempt + 1)
              /\ UNCHANGED phase
           \/ /\ attempt = MaxAttempts
              /\ attempt' = 0
              /\ phase' = "Escalated"
              /\ UNCHANGED net
        /\ UNCHANGED <<version, rounds, goOns, job, record>>

\* The agents have used up their rounds: that is no answer, a person must give one.
Escalate ==
    /\ phase = "NeedsRevision"
    /\ ~RoundsLeft
    /\ phase' = "Escalated"
    /\ UNCHANGED <<version, rounds, goOns, attempt, net, job, record>>

Begin ==
    /\ phase \in Approved
    /\ MayImplement
    /\ phase' = "Implementing"
    /\ attempt' = 1
    /\ net' = Asking("executor", 1)
    /\ UNCHANGED <<version, rounds, goOns, job, record>>

-----------------------------------------------------------------------------
(* A person.                                                               *)

Waive ==
    /\ phase = "Formalized"
    /\ report.ver = version
    /\ ~NothingBlocks
    /\ \E p \in Waivers : waiver' = [ver |-> version, by |-> p]
    /\ UNCHANGED <<phase, version, rounds, goOns, attempt, net, job, report, critique, approval, build, revoked>>

ApproveWith(p) ==
    /\ phase' = p
    /\ approval' = [ver |-> version, by |-> "human"]
    /\ attempt' = 0
    /\ UNCHANGED <<version, rounds, goOns, net, job, report, critique, waiver, build, revoked>>

ApproveWithProof ==
    /\ phase = "Formalized"
    /\ Aligned
    /\ NothingBlocks
    /\ ApproveWith("ApprovedWithProof")

ApproveWithWaiver ==
    /\ phase = "Formalized"
    /\ Aligned
    /\ ~NothingBlocks
    /\ Waived
    /\ ApproveWith("ApprovedWithWaiver")

Decline ==
    /\ phase = "Formalized"
    /\ Aligned
    /\ phase' = "NeedsRevision"
    /\ attempt' = 0
    /\ UNCHANGED <<version, rounds, goOns, net, job, record>>

Revoke ==
    /\ phase \in Approved \cup {"Implementing"}
    /\ phase' = "NeedsRevision"
    /\ approval' = NoDecision
    /\ revoked' = revoked \cup {version}
    /\ attempt' = 0
    /\ UNCHANGED <<version, rounds, goOns, net, job, report, critique, waiver, build>>

GoOn ==
    /\ phase = "Escalated"
    /\ goOns < Patience
    /\ phase' = "NeedsRevision"
    /\ rounds' = 0
    /\ goOns' = goOns + 1
    /\ UNCHANGED <<version, attempt, net, job, record>>

Stop ==
    /\ phase = "Escalated"
    /\ phase' = "Rejected"
    /\ UNCHANGED <<version, rounds, goOns, attempt, net, job, record>>

-----------------------------------------------------------------------------
\* The end of the workflow is no deadlock, whatever is still in flight.
Ended == phase \in Terminal /\ UNCHANGED vars

Next ==
    \/ Propose \/ Revise \/ Amend
    \/ \E w \in Workers : Take(w) \/ Finish(w) \/ Hear(w)
    \/ StartFormalization \/ Accept \/ Discard \/ Timeout \/ Escalate \/ Begin
    \/ Waive \/ ApproveWithProof \/ ApproveWithWaiver \/ Decline \/ Revoke \/ GoOn \/ Stop
    \/ Ended

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Fairness: what progress is promised under, by name.  Nothing is assumed *)
(* of the network, nor that any worker ever answers.                       *)

PlannerGoesOn == WF_vars(Propose \/ Revise)
RecordIsKept == WF_vars(StartFormalization) /\ WF_vars(Begin) /\ WF_vars(Escalate)
ClockRuns == WF_vars(Timeout)
PersonDecides == WF_vars(ApproveWithProof \/ ApproveWithWaiver \/ Decline)
PersonAnswers == WF_vars(GoOn \/ Stop)
NoticesAreRead == \A w \in Workers : WF_vars(Hear(w))

FairSpec ==
    /\ Spec
    /\ PlannerGoesOn
    /\ RecordIsKept
    /\ ClockRuns
    /\ PersonDecides
    /\ PersonAnswers
    /\ NoticesAreRead

-----------------------------------------------------------------------------
(* Safety.                                                                 *)

Stamped(values) == [ver : Versions, says : values] \cup {Nothing}
Decision == [ver : Versions, by : {"human", "critic"}] \cup {NoDecision}

TypeOK ==
    /\ phase \in Phases
    /\ version \in 0 .. MaxVersion
    /\ rounds \in 0 .. MaxRounds
    /\ goOns \in 0 .. Patience
    /\ attempt \in 0 .. MaxAttempts
    /\ \A m \in net : m.ver \in Versions /\ m.att \in 1 .. MaxAttempts
    /\ \A w \in Workers : job[w] = Idle \/ (job[w].ver \in Versions /\ job[w].att \in 1 .. MaxAttempts)
    /\ report \in Stamped(Answers["verifier"])
    /\ critique \in Stamped(Answers["critic"])
    /\ waiver \in Decision
    /\ approval \in Decision
    /\ build \in 0 .. MaxVersion
    /\ revoked \subseteq Versions

NoImplementationWithoutApproval ==
    phase \in {"Implementing", "Verified"} => approval.ver = version

NoApprovalWithBlockingIssues ==
    /\ phase = "ApprovedWithProof" => report.says = "clean"
    /\ phase \in Authorized => report.says = "clean" \/ waiver.ver = version

ApprovalNamesWhatWasChecked ==
    phase \in Authorized =>
        /\ approval.ver = version
        /\ report.ver = version
        /\ critique.ver = version
        /\ critique.says = "accept"

OnlyAPersonDecides ==
    /\ waiver.ver # 0 => waiver.by = "human"
    /\ approval.ver # 0 => approval.by = "human"

RevocationHolds == version \in revoked => phase \notin Authorized

VerifiedTracesBack ==
    phase = "Verified" => build = version /\ approval.ver = version

RevisionsAreBounded == version <= 1 + MaxRounds * (1 + goOns)

\* A new version has no approval and starts again from the verifier.
RevisionVoidsApproval ==
    [][version' # version => phase' = "ProposedWorkflow" /\ approval'.ver # version']_vars

\* What is put on record is of the version that is current when it is put there.
OnlyCurrentAnswersCount ==
    [][ /\ report' # report => report'.ver = version
        /\ critique' # critique => critique'.ver = version
        /\ build' # build => build' = version ]_vars

\* Work on the open question ends only with an answer: no notice can stop it.
NoticesStopOnlyStaleWork ==
    [][\A w \in Workers :
        (job[w].ver = version /\ job[w] # Idle /\ job'[w] = Idle) =>
            \E m \in net' : m.kind = "answer" /\ m.worker = w /\ m.ver = job[w].ver /\ m.att = job[w].att]_vars

\* Nothing happens after the end but what workers do in vain.
EndsAreFinal == [][(phase \in Terminal) => (phase' = phase /\ version' = version /\ record' = record)]_vars

-----------------------------------------------------------------------------
(* Liveness, under FairSpec.                                               *)

EveryRunEnds == <>(phase \in Terminal)
AQuestionIsSettled == phase = "FormalizationInProgress" ~> phase # "FormalizationInProgress"
EscalationIsAnswered == phase = "Escalated" ~> phase # "Escalated"
StaleWorkStops == \A w \in Workers : (job[w] # Idle /\ job[w].ver < version) ~> (job[w] = Idle \/ job[w].ver = version)

-----------------------------------------------------------------------------
(* Negative controls: each must be violated, or the rules above guard      *)
(* nothing.                                                                *)

NeverVerified == phase # "Verified"
NeverVerifiedWithWaiver == ~(phase = "Verified" /\ report.says = "open")
NoAnswerIsLate == \A m \in AnswersInFlight : m.ver = version
NoApprovalIsOvertaken == approval.ver \in {0, version}
=============================================================================
