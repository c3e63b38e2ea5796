------------------------------ MODULE Consensus ------------------------------
(***************************************************************************)
(* How agents settle the text of a file before anybody builds it, and how  *)
(* the queue hands out the building.                                       *)
(*                                                                         *)
(* A file's session: an agent proposes a text, the others respond, counter *)
(* or concede; whoever stands behind the text signs it.  A signature is    *)
(* bound to the digest of the text that was signed.  When all agents have  *)
(* signed the text that stands, the session locks.  When positions compete *)
(* or the rounds are used up it is stuck: then a mediator may clarify or   *)
(* reframe, which opens new rounds but never proposes and never signs.     *)
(* When mediation is used up as well, a person is asked.                   *)
(*                                                                         *)
(* The queue: a task is handed out only when all it depends on is done.  A *)
(* worker holds a task under a lease; a lease can run out without its      *)
(* holder noticing.  Each lease has a fencing token, greater than those    *)
(* before it, and the store takes a build only with the newest one.        *)
(*                                                                         *)
(* Texts are numbers; equal numbers are equal digests.                     *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS
    Agents,             \* those who settle texts
    Builders,           \* those who take tasks and build
    Tasks,              \* one task for each file
    Dependencies,       \* pairs <<t, d>>: task t comes after d; d need not be a task that anyone knows
    MaxRounds,          \* texts put forward without a mediator or a person stepping in
    MaxMediations,      \* mediations without a person stepping in
    MaxResets,          \* how often a person has the agents start again
    MaxLeases           \* leases that may be given for one task

VARIABLES
    status,     \* of each task's session: "none", "open", "locked", "given up"
    text,       \* the text that stands; 0 for none
    texts,      \* how many texts have been put forward
    position,   \* the text that each agent stands behind; 0 for none
    signed,     \* the text that each agent signed last; 0 for none
    rounds,     \* texts put forward since somebody stepped in
    mediated,   \* mediations since a person stepped in
    asked,      \* is a person asked?
    resets,     \* how often a person had the agents start again
    locked,     \* the text that was locked; 0 for none
    leased,     \* is the newest lease still good?
    token,      \* the newest fencing token of a task; 0 before the first
    holds,      \* the lease that each builder believes to have: task and token
    built,      \* the text that the file was built from; 0 for none
    stamp,      \* the token that the build in the store was written with
    done        \* the tasks that are done

session == <<status, text, texts, position, signed, rounds, mediated, asked, resets, locked>>
queue == <<leased, token, holds, built, stamp, done>>
vars == <<session, queue>>

NoTask == "none"
Free == [task |-> NoTask, token |-> 0]
MaxTexts == MaxRounds * (1 + MaxMediations) * (1 + MaxResets)

\* For the configurations: one task after another, and one after something that nobody knows.
SecondAfterFirst == {<<"second", "first">>, <<"odd", "nobody knows">>}
NoDependencies == {}

DependsOn(t) == {p[2] : p \in {q \in Dependencies : q[1] = t}}
\* A dependency is met when it is a known task that is done.  What nobody knows is never met.
Met(d) == d \in Tasks /\ d \in done
Ready(t) == \A d \in DependsOn(t) : Met(d)

-----------------------------------------------------------------------------
(* The session.                                                            *)

Open(t) == status[t] = "open"
InDispute(t) == \E a, b \in Agents : position[t][a] # 0 /\ position[t][b] # 0 /\ position[t][a] # position[t][b]
Stuck(t) == Open(t) /\ (InDispute(t) \/ rounds[t] = MaxRounds)

\* Whose signature counts.
Voters == Agents
\* A signature counts for the text that was signed and for no other.
SignedIt(t, a) == signed[t][a] = text[t]
AllSigned(t) == text[t] # 0 /\ \A a \in Voters : SignedIt(t, a)

PutForward(t, a) ==
    /\ texts' = [texts EXCEPT ![t] = @ + 1]
    /\ text' = [text EXCEPT ![t] = texts'[t]]
    /\ position' = [position EXCEPT ![t][a] = texts'[t]]
    /\ rounds' = [rounds EXCEPT ![t] = @ + 1]

\* After a mediator has stepped in there are no new proposals, only responses.
Propose(t, a) ==
    /\ Ready(t) /\ t \notin done
    /\ status[t] \in {"none", "open"}
    /\ mediated[t] = 0
    /\ ~asked[t]
    /\ rounds[t] < MaxRounds
    /\ status' = [status EXCEPT ![t] = "open"]
    /\ PutForward(t, a)
    /\ UNCHANGED <<signed, mediated, asked, resets, locked, queue>>

\* An agent answers the text that stands with its own version of it.
Counter(t, a) ==
    /\ Open(t)
    /\ text[t] # 0
    /\ position[t][a] # text[t]
    /\ ~asked[t]
    /\ rounds[t] < MaxRounds
    /\ PutForward(t, a)
    /\ UNCHANGED <<status, signed, mediated, asked, resets, locked, queue>>

\* An agent accepts the text that stands, or concedes its own.
Concede(t, a) ==
    /\ Open(t)
    /\ text[t] # 0
    /\ position[t][a] # text[t]
    /\ position' = [position EXCEPT ![t][a] = text[t]]
    /\ UNCHANGED <<status, text, texts, signed, rounds, mediated, asked, resets, locked, queue>>

Sign(t, a) ==
    /\ Open(t)
    /\ text[t] # 0
    /\ position[t][a] = text[t]
    /\ signed[t][a] # text[t]
    /\ signed' = [signed EXCEPT ![t][a] = text[t]]
    /\ UNCHANGED <<status, text, texts, position, rounds, mediated, asked, resets, locked, queue>>

Lock(t) ==
    /\ Open(t)
    /\ AllSigned(t)
    /\ status' = [status EXCEPT ![t] = "locked"]
    /\ locked' = [locked EXCEPT ![t] = text[t]]
    /\ asked' = [asked EXCEPT ![t] = FALSE]
    /\ UNCHANGED <<text, texts, position, signed, rounds, mediated, resets, queue>>

(* The mediator: new rounds, and nothing else.                             *)

MediationsLeft(t) == mediated[t] < MaxMediations

Mediate(t) ==
    /\ Stuck(t)
    /\ rounds[t] > 0
    /\ ~asked[t]
    /\ MediationsLeft(t)
    /\ mediated' = [mediated EXCEPT ![t] = @ + 1]
    /\ rounds' = [rounds EXCEPT ![t] = 0]
    /\ UNCHANGED <<status, text, texts, position, signed, asked, resets, locked, queue>>

AskPerson(t) ==
    /\ Stuck(t)
    /\ rounds[t] = MaxRounds
    /\ ~MediationsLeft(t)
    /\ ~asked[t]
    /\ asked' = [asked EXCEPT ![t] = TRUE]
    /\ UNCHANGED <<status, text, texts, position, signed, rounds, mediated, resets, locked, queue>>

(* A person: the agents start again, or the file is given up.              *)

Reset(t) ==
    /\ Open(t) /\ asked[t]
    /\ resets[t] < MaxResets
    /\ resets' = [resets EXCEPT ![t] = @ + 1]
    /\ status' = [status EXCEPT ![t] = "none"]
    /\ text' = [text EXCEPT ![t] = 0]
    /\ position' = [position EXCEPT ![t] = [a \in Agents |-> 0]]
    /\ signed' = [signed EXCEPT ![t] = [a \in Agents |-> 0]]
    /\ rounds' = [rounds EXCEPT ![t] = 0]
    /\ mediated' = [mediated EXCEPT ![t] = 0]
    /\ asked' = [asked EXCEPT ![t] = FALSE]
    /\ UNCHANGED <<texts, locked, queue>>

GiveUp(t) ==
    /\ Open(t) /\ asked[t]
    /\ status' = [status EXCEPT ![t] = "given up"]
    /\ asked' = [asked EXCEPT ![t] = FALSE]
    /\ UNCHANGED <<text, texts, position, signed, rounds, mediated, resets, locked, queue>>

-----------------------------------------------------------------------------
(* The queue.                                                              *)

Claim(b, t) ==
    /\ holds[b] = Free
    /\ Ready(t) /\ t \notin done
    /\ status[t] = "locked"
    /\ ~leased[t]
    /\ token[t] < MaxLeases
    /\ token' = [token EXCEPT ![t] = @ + 1]
    /\ leased' = [leased EXCEPT ![t] = TRUE]
    /\ holds' = [holds EXCEPT ![b] = [task |-> t, token |-> token'[t]]]
    /\ UNCHANGED <<built, stamp, done, session>>

\* A lease runs out; its holder goes on as if nothing had happened.  The last lease that may be given is kept: somebody
\* gets the work done in the end.
Expire(t) ==
    /\ leased[t]
    /\ token[t] < MaxLeases
    /\ leased' = [leased EXCEPT ![t] = FALSE]
    /\ UNCHANGED <<token, holds, built, stamp, done, session>>

\* What the store asks of a write: the newest token.
Fenced(b) == holds[b].token = token[holds[b].task]

Build(b) ==
    LET t == holds[b].task IN
    /\ t # NoTask
    /\ Fenced(b)
    /\ built' = [built EXCEPT ![t] = locked[t]]
    /\ stamp' = [stamp EXCEPT ![t] = holds[b].token]
    /\ done' = done \cup {t}
    /\ leased' = [leased EXCEPT ![t] = FALSE]
    /\ holds' = [holds EXCEPT ![b] = Free]
    /\ UNCHANGED <<token, session>>

\* The store refuses: the builder learns that its lease is lost.
Refuse(b) ==
    /\ holds[b] # Free
    /\ ~Fenced(b)
    /\ holds' = [holds EXCEPT ![b] = Free]
    /\ UNCHANGED <<leased, token, built, stamp, done, session>>

-----------------------------------------------------------------------------
Init ==
    /\ status = [t \in Tasks |-> "none"]
    /\ text = [t \in Tasks |-> 0]
    /\ texts = [t \in Tasks |-> 0]
    /\ position = [t \in Tasks |-> [a \in Agents |-> 0]]
    /\ signed = [t \in Tasks |-> [a \in Agents |-> 0]]
    /\ rounds = [t \in Tasks |-> 0]
    /\ mediated = [t \in Tasks |-> 0]
    /\ asked = [t \in Tasks |-> FALSE]
    /\ resets = [t \in Tasks |-> 0]
    /\ locked = [t \in Tasks |-> 0]
    /\ leased = [t \in Tasks |-> FALSE]
    /\ token = [t \in Tasks |-> 0]
    /\ holds = [b \in Builders |-> Free]
    /\ built = [t \in Tasks |-> 0]
    /\ stamp = [t \in Tasks |-> 0]
    /\ done = {}

AgentStep(t, a) == Propose(t, a) \/ Counter(t, a) \/ Concede(t, a) \/ Sign(t, a)

\* Nothing more can come of a task: it is done, given up, or waits for something that will never be done.
RECURSIVE Hopeless(_, _)
Hopeless(d, depth) ==
    \/ d \notin Tasks
    \/ /\ d \in Tasks
       /\ \/ status[d] = "given up"
          \/ depth > 0 /\ \E e \in DependsOn(d) : Hopeless(e, depth - 1)
Settled(t) == t \in done \/ Hopeless(t, Cardinality(Tasks))

Finished == (\A t \in Tasks : Settled(t)) /\ UNCHANGED vars

Next ==
    \/ \E t \in Tasks : \E a \in Agents : AgentStep(t, a)
    \/ \E t \in Tasks : Lock(t) \/ Mediate(t) \/ AskPerson(t) \/ Reset(t) \/ GiveUp(t) \/ Expire(t)
    \/ \E b \in Builders : \E t \in Tasks : Claim(b, t)
    \/ \E b \in Builders : Build(b) \/ Refuse(b)
    \/ Finished

Spec == Init /\ [][Next]_vars

(* Fairness, by name.  An agent goes on putting texts forward and signs    *)
(* what it stands behind.  That anybody ever concedes is not assumed.      *)
AgentsGoOn == \A t \in Tasks : WF_vars(\E a \in Agents : Propose(t, a) \/ Counter(t, a) \/ Sign(t, a))
SessionIsKept == \A t \in Tasks : WF_vars(Lock(t)) /\ WF_vars(AskPerson(t))
MediatorActs == \A t \in Tasks : WF_vars(Mediate(t))
PersonAnswers == \A t \in Tasks : WF_vars(Reset(t) \/ GiveUp(t))
BuildersGoOn == WF_vars(\E b \in Builders : Build(b) \/ Refuse(b) \/ \E t \in Tasks : Claim(b, t))
LeasesRunOut == \A t \in Tasks : WF_vars(Expire(t))

FairSpec ==
    /\ Spec
    /\ AgentsGoOn
    /\ SessionIsKept
    /\ MediatorActs
    /\ PersonAnswers
    /\ BuildersGoOn
    /\ LeasesRunOut

-----------------------------------------------------------------------------
(* Safety.                                                                 *)

TypeOK ==
    /\ status \in [Tasks -> {"none", "open", "locked", "given up"}]
    /\ texts \in [Tasks -> 0 .. MaxTexts]
    /\ \A t \in Tasks : text[t] \in 0 .. texts[t] /\ locked[t] \in 0 .. texts[t] /\ built[t] \in 0 .. texts[t]
    /\ \A t \in Tasks : \A a \in Agents : position[t][a] \in 0 .. texts[t] /\ signed[t][a] \in 0 .. texts[t]
    /\ rounds \in [Tasks -> 0 .. MaxRounds]
    /\ resets \in [Tasks -> 0 .. MaxResets]
    /\ asked \in [Tasks -> BOOLEAN]
    /\ leased \in [Tasks -> BOOLEAN]
    /\ token \in [Tasks -> 0 .. MaxLeases]
    /\ \A b \in Builders : holds[b].task \in Tasks \cup {NoTask}
    /\ done \subseteq Tasks

\* A text is locked only when at least two agents, and all of them, have signed exactly that text.
LockedMeansAllSignedIt ==
    \A t \in Tasks : locked[t] # 0 => \A a \in Agents : signed[t][a] = locked[t]
TwoAgentsAtLeast ==
    \A t \in Tasks : locked[t] # 0 => Cardinality({a \in Agents : signed[t][a] = locked[t]}) >= 2

\* A text that is locked stays as it is.
LockIsFinal == [][\A t \in Tasks : locked[t] # 0 => locked'[t] = locked[t] /\ status'[t] = "locked"]_vars

\* No file is built from anything but the text that was locked for it.
BuiltFromTheLockedText ==
    \A t \in Tasks : (t \in done \/ built[t] # 0 \/ stamp[t] # 0) => locked[t] # 0 /\ built[t] = locked[t]

\* Nothing begins before everything it depends on is known and done.
OrderIsKept ==
    \A t \in Tasks : (status[t] # "none" \/ token[t] > 0 \/ t \in done) => \A d \in DependsOn(t) : d \in done

\* One builder at most has the newest lease of a task.
OneHolder ==
    \A b, c \in Builders : (b # c /\ holds[b] # Free /\ holds[b].task = holds[c].task) => holds[b].token # holds[c].token

\* A builder whose lease has been given to another writes nothing.
NoWriteAfterALostLease == [][\A t \in Tasks : stamp'[t] # stamp[t] => stamp'[t] = token[t]]_vars

MediationIsBounded == \A t \in Tasks : mediated[t] <= MaxMediations

\* A mediator changes no text, no position and no signature.  (The step is known by what only it does.)
MediatorTakesNoSide ==
    [][\A t \in Tasks : mediated'[t] > mediated[t] =>
        (text'[t] = text[t] /\ position'[t] = position[t] /\ signed'[t] = signed[t] /\ locked'[t] = locked[t])]_vars

\* After a mediation the text that stands changes only by an agent who did not stand behind it.
NoProposalsAfterMediation ==
    [][\A t \in Tasks : (mediated[t] > 0 /\ texts'[t] # texts[t]) =>
        \E a \in Agents : position[t][a] # text[t] /\ position'[t][a] = text'[t]]_vars

-----------------------------------------------------------------------------
(* Liveness, under FairSpec.                                               *)

EverySessionEnds == \A t \in Tasks : status[t] = "open" ~> status[t] \in {"locked", "given up"}
EveryTaskIsSettled == <>(\A t \in Tasks : Settled(t))
PersonIsHeard == \A t \in Tasks : asked[t] ~> ~asked[t]

-----------------------------------------------------------------------------
(* Negative controls.                                                      *)

NeverDone == done = {}
NeverTwoDone == Cardinality(done) < 2
NobodyHoldsALostLease == \A b \in Builders : holds[b] # Free => Fenced(b)
NoPersonIsAsked == \A t \in Tasks : ~asked[t]
NoOldSignature == \A t \in Tasks : \A a \in Agents : signed[t][a] \in {0, text[t]}
=============================================================================
