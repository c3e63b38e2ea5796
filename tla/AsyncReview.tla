----------------------------- MODULE AsyncReview -----------------------------
(***************************************************************************)
(* The same protocol where it does engineering work: a task is planned, a  *)
(* coder pushes revisions to a branch, a verifier checks a revision, a     *)
(* reviewer reviews it, a person approves, a merger merges.                *)
(*                                                                         *)
(* Coding and review overlap: the coder may go on while an earlier         *)
(* revision is checked, reviewed, approved or even being merged, and may   *)
(* push at any of these moments.  The hazards are a review of an old       *)
(* revision (stale review), a coder who still follows an old plan when     *)
(* there is a new one (revision race), and a merge of something else than  *)
(* what was checked, reviewed and approved.                                *)
(*                                                                         *)
(* AsyncReview refines Workflow: see the map at the end.  A pushed         *)
(* revision is a version, the reviewer is the critic, the merger is the    *)
(* executor, and Merging is what Implementing is there.                    *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS MaxRounds, Patience, MaxAttempts      \* as in Workflow

VARIABLES
    stage,          \* the state of the task
    plan,           \* the number of the plan in force; 0 before the first
    coder,          \* the plan that the coder is at work on; 0 when at rest
    head,           \* the newest revision of the branch; 0 when there is none
    follows,        \* the plan that the newest revision follows
    rounds, goOns, attempt,     \* as in Workflow
    net,            \* the messages in flight
    job,            \* what each worker is at work on
    report,         \* the verifier's findings on a revision
    review,         \* the reviewer's advice on a revision
    waiver, approval,   \* a person's decisions on a revision
    merged,         \* the revision that was merged; 0 for none
    revoked         \* revisions whose approval was taken back

branch == <<plan, coder, head, follows>>
record == <<report, review, waiver, approval, merged, revoked>>
vars == <<stage, branch, rounds, goOns, attempt, net, job, record>>

Workers == {"verifier", "reviewer", "merger"}
Stages == {"DraftTask", "Planned", "Executing", "ExecutionComplete", "Verifying", "NeedsRevision", "Escalated",
           "Approved", "Merging", "Merged", "Rejected"}
Final == {"Merged", "Rejected"}
MaxHead == 1 + MaxRounds * (1 + Patience)
Revisions == 1 .. MaxHead

Says == [verifier |-> {"clean", "open"}, reviewer |-> {"accept", "rework", "refuse"}, merger |-> {"merged", "conflict"}]
Resting == [ver |-> 0, att |-> 0]
NoWord == [ver |-> 0, says |-> "nothing"]
Undecided == [ver |-> 0, by |-> "nobody"]

\* The newest revision has been checked: what ExecutionComplete means before and after verification.
Checked == report.ver = head

-----------------------------------------------------------------------------
Question(w, v, a) == [kind |-> "ask", worker |-> w, ver |-> v, att |-> a, says |-> ""]
Reply(w, v, a, s) == [kind |-> "answer", worker |-> w, ver |-> v, att |-> a, says |-> s]
Questions == {m \in net : m.kind = "ask"}
Replies == {m \in net : m.kind = "answer"}
Sending(w, a) == {m \in net : m.kind = "answer" \/ m.worker # w} \cup {Question(w, head, a)}

\* Is an answer of this worker awaited?
Awaiting(w) ==
    CASE w = "verifier" -> stage = "Verifying"
      [] w = "reviewer" -> stage = "ExecutionComplete" /\ Checked
      [] w = "merger" -> stage = "Merging"

InTime(m) == m.ver = head /\ m.att = attempt /\ Awaiting(m.worker)

\* Report, review and branch are one revision.
Agrees == Checked /\ review.ver = head /\ review.says = "accept"
MayMerge == approval.ver = head
PlanInForce == coder = plan
MayPush == rounds < MaxRounds

-----------------------------------------------------------------------------
Init ==
    /\ stage = "DraftTask"
    /\ plan = 0 /\ coder = 0 /\ head = 0 /\ follows = 0
    /\ rounds = 0 /\ goOns = 0 /\ attempt = 0
    /\ net = {}
    /\ job = [w \in Workers |-> Resting]
    /\ report = NoWord
    /\ review = NoWord
    /\ waiver = Undecided
    /\ approval = Undecided
    /\ merged = 0
    /\ revoked = {}

(* Planner and coder.                                                      *)

Plan ==
    /\ \/ stage = "DraftTask"
       \/ stage = "NeedsRevision" /\ MayPush
    /\ stage' = "Planned"
    /\ plan' = plan + 1
    /\ UNCHANGED <<coder, head, follows, rounds, goOns, attempt, net, job, record>>

StartCoding ==
    /\ stage = "Planned"
    /\ stage' = "Executing"
    /\ coder' = plan
    /\ UNCHANGED <<plan, head, follows, rounds, goOns, attempt, net, job, record>>

\* The coder goes on with the same plan while others look at what has been pushed.
Overlap == {"ExecutionComplete", "Verifying", "Approved", "Merging"}
KeepCoding ==
    /\ stage \in Overlap
    /\ coder = 0
    /\ MayPush
    /\ coder' = plan
    /\ UNCHANGED <<stage, plan, head, follows, rounds, goOns, attempt, net, job, record>>

\* A push is a new revision.  Whatever was said about the one before is stale from here on.  A coder may try at any
\* stage, also when there is a new plan already: it is the plan that must be the one in force.
Push ==
    /\ coder # 0
    /\ PlanInForce
    /\ stage \in {"Planned", "Executing"} \cup Overlap
    /\ head > 0 => MayPush
    /\ head' = head + 1
    /\ follows' = coder
    /\ coder' = 0
    /\ rounds' = IF head = 0 THEN rounds ELSE rounds + 1
    /\ stage' = "ExecutionComplete"
    /\ attempt' = 0
    /\ UNCHANGED <<plan, goOns, net, job, record>>

\* A coder learns that there is a new plan, and lets go of the old one.
DropOldPlan ==
    /\ coder # 0
    /\ coder # plan
    /\ coder' = 0
    /\ UNCHANGED <<stage, plan, head, follows, rounds, goOns, attempt, net, job, record>>

(* Verifier, reviewer and merger: asked and answering by message.          *)

TakeUp(w) ==
    \E m \in Questions :
        /\ m.worker = w
        /\ job' = [job EXCEPT ![w] = [ver |-> m.ver, att |-> m.att]]
        /\ net' = net \ {m}
        /\ UNCHANGED <<stage, branch, rounds, goOns, attempt, record>>

Reports(w) ==
    /\ job[w] # Resting
    /\ \E s \in Says[w] : net' = net \cup {Reply(w, job[w].ver, job[w].att, s)}
    /\ job' = [job EXCEPT ![w] = Resting]
    /\ UNCHANGED <<stage, branch, rounds, goOns, attempt, record>>

\* A worker sees that the branch has moved on, and stops.
SeesPush(w) ==
    /\ job[w] # Resting
    /\ job[w].ver < head
    /\ job' = [job EXCEPT ![w] = Resting]
    /\ UNCHANGED <<stage, branch, rounds, goOns, attempt, net, record>>

(* The record keeper.                                                      *)

StartVerifying ==
    /\ stage = "ExecutionComplete"
    /\ ~Checked
    /\ stage' = "Verifying"
    /\ attempt' = 1
    /\ net' = Sending("verifier", 1)
    /\ UNCHANGED <<branch, rounds, goOns, job, record>>

EndVerifying(m) ==
    /\ m.worker = "verifier"
    /\ InTime(m)
    /\ report' = [ver |-> m.ver, says |-> m.says]
    /\ stage' = "ExecutionComplete"
    /\ attempt' = 1
    /\ net' = Sending("reviewer", 1) \ {m}
    /\ UNCHANGED <<branch, rounds, goOns, job, review, waiver, approval, merged, revoked>>

EndReview(m) ==
    /\ m.worker = "reviewer"
    /\ InTime(m)
    /\ review' = [ver |-> m.ver, says |-> m.says]
    /\ stage' = CASE m.says = "accept" -> "ExecutionComplete"
                  [] m.says = "rework" -> "NeedsRevision"
                  [] m.says = "refuse" -> "Rejected"
    /\ attempt' = 0
    /\ net' = net \ {m}
    /\ UNCHANGED <<branch, rounds, goOns, job, report, waiver, approval, merged, revoked>>

\* The merge itself: one step that compares branch and approval and moves the main line, or does not happen at all.
Merge(m) ==
    /\ m.worker = "merger"
    /\ InTime(m)
    /\ \/ /\ m.says = "merged"
          /\ MayMerge
          /\ stage' = "Merged"
          /\ merged' = m.ver
       \/ /\ m.says = "conflict"
          /\ stage' = "NeedsRevision"
          /\ UNCHANGED merged
    /\ attempt' = 0
    /\ net' = net \ {m}
    /\ UNCHANGED <<branch, rounds, goOns, job, report, review, waiver, approval, revoked>>

Receive == \E m \in Replies : EndVerifying(m) \/ EndReview(m) \/ Merge(m)

DropLate ==
    \E m \in Replies :
        /\ ~InTime(m)
        /\ net' = net \ {m}
        /\ UNCHANGED <<stage, branch, rounds, goOns, attempt, job, record>>

TimeOut ==
    \E w \in Workers :
        /\ Awaiting(w)
        /\ attempt > 0
        /\ \/ /\ attempt < MaxAttempts
              /\ attempt' = attempt + 1
              /\ net' = Sending(w, attempt + 1)
              /\ UNCHANGED stage
           \/ /\ attempt = MaxAttempts
              /\ attempt' = 0
              /\ stage' = "Escalated"
              /\ UNCHANGED net
        /\ UNCHANGED <<branch, rounds, goOns, job, record>>

AskPerson ==
    /\ stage = "NeedsRevision"
    /\ ~MayPush
    /\ stage' = "Escalated"
    /\ UNCHANGED <<branch, rounds, goOns, attempt, net, job, record>>

StartMerge ==
    /\ stage = "Approved"
    /\ MayMerge
    /\ stage' = "Merging"
    /\ attempt' = 1
    /\ net' = Sending("merger", 1)
    /\ UNCHANGED <<branch, rounds, goOns, job, record>>

(* A person.                                                               *)

WaiveFindings ==
    /\ stage = "ExecutionComplete"
    /\ Checked /\ report.says = "open"
    /\ waiver' = [ver |-> head, by |-> "human"]
    /\ UNCHANGED <<stage, branch, rounds, goOns, attempt, net, job, report, review, approval, merged, revoked>>

Approve ==
    /\ stage = "ExecutionComplete"
    /\ Agrees
    /\ report.says = "open" => waiver.ver = head
    /\ stage' = "Approved"
    /\ approval' = [ver |-> head, by |-> "human"]
    /\ attempt' = 0
    /\ UNCHANGED <<branch, rounds, goOns, net, job, report, review, waiver, merged, revoked>>

SendBack ==
    /\ stage = "ExecutionComplete"
    /\ Agrees
    /\ stage' = "NeedsRevision"
    /\ attempt' = 0
    /\ UNCHANGED <<branch, rounds, goOns, net, job, record>>

TakeBack ==
    /\ stage \in {"Approved", "Merging"}
    /\ stage' = "NeedsRevision"
    /\ approval' = Undecided
    /\ revoked' = revoked \cup {head}
    /\ attempt' = 0
    /\ UNCHANGED <<branch, rounds, goOns, net, job, report, review, waiver, merged>>

LetGoOn ==
    /\ stage = "Escalated"
    /\ goOns < Patience
    /\ stage' = "NeedsRevision"
    /\ rounds' = 0
    /\ goOns' = goOns + 1
    /\ UNCHANGED <<branch, attempt, net, job, record>>

GiveUp ==
    /\ stage = "Escalated"
    /\ stage' = "Rejected"
    /\ UNCHANGED <<branch, rounds, goOns, attempt, net, job, record>>

Over == stage \in Final /\ UNCHANGED vars

Next ==
    \/ Plan \/ StartCoding \/ KeepCoding \/ Push \/ DropOldPlan
    \/ \E w \in Workers : TakeUp(w) \/ Reports(w) \/ SeesPush(w)
    \/ StartVerifying \/ Receive \/ DropLate \/ TimeOut \/ AskPerson \/ StartMerge
    \/ WaiveFindings \/ Approve \/ SendBack \/ TakeBack \/ LetGoOn \/ GiveUp
    \/ Over

Spec == Init /\ [][Next]_vars

(* Fairness, by name.  As in Workflow, nothing is assumed of the network,  *)
(* of the verifier, the reviewer or the merger; but a coder who has begun  *)
(* pushes in the end.                                                      *)
PlannerGoesOn == WF_vars(Plan)
CoderPushes == WF_vars(StartCoding) /\ WF_vars(stage = "Executing" /\ Push)
RecordIsKept == WF_vars(StartVerifying) /\ WF_vars(StartMerge) /\ WF_vars(AskPerson)
ClockRuns == WF_vars(TimeOut)
PersonDecides == WF_vars(Approve \/ SendBack)
PersonAnswers == WF_vars(LetGoOn \/ GiveUp)
FairSpec == Spec /\ PlannerGoesOn /\ CoderPushes /\ RecordIsKept /\ ClockRuns /\ PersonDecides /\ PersonAnswers

-----------------------------------------------------------------------------
(* Safety.                                                                 *)

TypeOK ==
    /\ stage \in Stages
    /\ plan \in 0 .. MaxHead
    /\ coder \in 0 .. plan
    /\ head \in 0 .. MaxHead
    /\ follows \in 0 .. plan
    /\ rounds \in 0 .. MaxRounds
    /\ goOns \in 0 .. Patience
    /\ attempt \in 0 .. MaxAttempts
    /\ \A m \in net : m.ver \in Revisions /\ m.att \in 1 .. MaxAttempts
    /\ merged \in 0 .. MaxHead
    /\ revoked \subseteq Revisions

\* What is merged is the head of the branch, and is what was checked, reviewed and approved.
MergeIsAligned ==
    merged # 0 =>
        /\ merged = head
        /\ report.ver = merged
        /\ review.ver = merged /\ review.says = "accept"
        /\ approval.ver = merged /\ approval.by = "human"
        /\ merged \notin revoked
        /\ report.says = "open" => waiver.ver = merged

\* A review counts for the revision that it looked at and no other.
NoStaleReview == [][review' # review => review'.ver = head]_vars

\* A revision follows the plan that was in force when it was pushed.
PushesFollowThePlan == [][head' # head => follows' = plan]_vars
MergeFollowsThePlan == merged # 0 => follows = plan

\* Pushing over an approval, or in the middle of a merge, takes the task back to the verifier.
PushVoidsApproval == [][head' # head => stage' = "ExecutionComplete" /\ ~Checked' /\ approval'.ver # head']_vars

EveryTaskEnds == <>(stage \in Final)

-----------------------------------------------------------------------------
(* The refinement map.  Only safety is carried over.                       *)

WorkerMap == [verifier |-> "verifier", reviewer |-> "critic", merger |-> "executor"]
SayMap(s) == CASE s = "merged" -> "pass" [] s = "conflict" -> "fail" [] OTHER -> s

PhaseMap ==
    CASE stage = "DraftTask" -> "DraftGoal"
      [] stage \in {"Planned", "Executing"} -> IF head = 0 THEN "DraftGoal" ELSE "NeedsRevision"
      [] stage = "ExecutionComplete" -> IF Checked THEN "Formalized" ELSE "ProposedWorkflow"
      [] stage = "Verifying" -> "FormalizationInProgress"
      [] stage = "Approved" -> IF report.says = "clean" THEN "ApprovedWithProof" ELSE "ApprovedWithWaiver"
      [] stage = "Merging" -> "Implementing"
      [] stage = "Merged" -> "Verified"
      [] OTHER -> stage

W == INSTANCE Workflow WITH
    phase <- PhaseMap,
    version <- head,
    net <- {[m EXCEPT !.worker = WorkerMap[@], !.says = SayMap(@)] : m \in net},
    job <- [w \in {"verifier", "critic", "executor"} |->
               job[CASE w = "critic" -> "reviewer" [] w = "executor" -> "merger" [] OTHER -> w]],
    critique <- review,
    build <- merged

RefinesWorkflow == W!Spec

-----------------------------------------------------------------------------
(* Negative controls.                                                      *)

NeverMerged == merged = 0
NoPushIntoAMerge == ~(stage = "ExecutionComplete" /\ \E m \in net : m.worker = "merger")
NoCoderIsBehind == coder \in {0, plan}
=============================================================================
