module
public import Tribunal.Invariants
@[expose] public noncomputable section
set_option autoImplicit false
set_option warningAsError true
set_option Elab.async false

/-!
# One bit for each stamp is exact (S-4)

The model with version numbers and the model with bits match each other step for step: a bit is set exactly where a
stamp equals the number of now. So whatever the engines find of the bits is true of the numbers, and nothing is lost.
-/

namespace Tribunal

/-- A state with version numbers. -/
abbrev NumberedState := State Nat Nat

/-- The bits of a stamp: is it the version of now. -/
def bitsOf {Says : Type} (goal workflow : Nat) (e : Option (Evidence Nat Says)) : Option (Evidence Bool Says) :=
  e.map fun e => { goal_text := e.goal_text == goal, workflow_ir := e.workflow_ir == workflow, says := e.says }

/-- The bits of a whole state. -/
def bitsOfState (s : NumberedState) : BitState :=
  { phase := s.phase, rounds := s.rounds, goal_text := (), workflow_ir := ()
    proposal := bitsOf s.goal_text s.workflow_ir s.proposal
    job := bitsOf s.goal_text s.workflow_ir s.job
    report := bitsOf s.goal_text s.workflow_ir s.report
    critique := bitsOf s.goal_text s.workflow_ir s.critique
    waiver := bitsOf s.goal_text s.workflow_ir s.waiver
    approval := bitsOf s.goal_text s.workflow_ir s.approval
    build := bitsOf s.goal_text s.workflow_ir s.build }

/-- This evidence was not made of a version that is yet to come. -/
def OfThePast {Says : Type} (goal workflow : Nat) : Option (Evidence Nat Says) → Prop
  | some e => e.goal_text ≤ goal ∧ e.workflow_ir ≤ workflow
  | none => True

/-- No evidence was made of a version that is yet to come. -/
structure NothingFromTheFuture (s : NumberedState) : Prop where
  proposal : OfThePast s.goal_text s.workflow_ir s.proposal
  job : OfThePast s.goal_text s.workflow_ir s.job
  report : OfThePast s.goal_text s.workflow_ir s.report
  critique : OfThePast s.goal_text s.workflow_ir s.critique
  waiver : OfThePast s.goal_text s.workflow_ir s.waiver
  approval : OfThePast s.goal_text s.workflow_ir s.approval
  build : OfThePast s.goal_text s.workflow_ir s.build

/-- The two states are the same but for how versions are kept. -/
def Agree (n : NumberedState) (b : BitState) : Prop := NothingFromTheFuture n ∧ b = bitsOfState n

/-- Each of two step relations matches the steps of the other, action by action. -/
structure Bisimulation {S T : Type} (startS : S) (startT : T) (stepS : Action → S → S → Prop)
    (stepT : Action → T → T → Prop) (related : S → T → Prop) : Prop where
  starts : related startS startT
  forth : ∀ a s s' t, related s t → stepS a s s' → ∃ t', stepT a t t' ∧ related s' t'
  back : ∀ a s t t', related s t → stepT a t t' → ∃ s', stepS a s s' ∧ related s' t'

section Operations
variable {Says Other : Type} (s : NumberedState) (e : Option (Evidence Nat Says)) (says : Says) (other : Other)
variable (goal workflow : Nat)

theorem bits_say_what_is_fresh : (bitsOfState s).fresh (bitsOf s.goal_text s.workflow_ir e) = s.fresh e := by
  cases e <;> rfl
theorem bits_say_what_is_stale : (bitsOfState s).stale (bitsOf s.goal_text s.workflow_ir e) = s.stale e := by
  cases e <;> rfl
theorem bits_say_what_blocks : (bitsOfState s).blocking = s.blocking := by
  simp [State.blocking, bitsOfState, bitsOf]; rfl
theorem bits_say_what_is_proved : (bitsOfState s).proof = s.proof := by
  simp [State.proof, bitsOfState, bitsOf]; rfl
theorem bits_say_the_advice : (bitsOfState s).advice = s.advice := by
  simp [State.advice, bitsOfState, bitsOf]; rfl

theorem bits_of_something (e : Evidence Nat Says) : bitsOf goal workflow (some e) =
    some { goal_text := e.goal_text == goal, workflow_ir := e.workflow_ir == workflow, says := e.says } := rfl
theorem bits_of_nothing : bitsOf goal workflow (none : Option (Evidence Nat Says)) = none := rfl
theorem bits_of_a_copy : bitsOf goal workflow (copied e other) = copied (bitsOf goal workflow e) other := by
  cases e <;> rfl
theorem bits_after_a_new_goal (past : OfThePast goal workflow e) :
    bitsOf (goal + 1) workflow (afterNewGoal Nat e) = afterNewGoal Unit (bitsOf goal workflow e) := by
  cases e <;> simp [OfThePast, bitsOf, afterNewGoal, Versions.outdate] at * <;> omega
theorem bits_after_a_new_workflow (past : OfThePast goal workflow e) :
    bitsOf goal (workflow + 1) (afterNewWorkflow Nat e) = afterNewWorkflow Unit (bitsOf goal workflow e) := by
  cases e <;> simp [OfThePast, bitsOf, afterNewWorkflow, Versions.outdate] at * <;> omega

theorem nothing_is_of_the_past : OfThePast goal workflow (none : Option (Evidence Nat Says)) := trivial
theorem what_is_made_is_of_the_past : OfThePast s.goal_text s.workflow_ir (s.made says) :=
  ⟨Nat.le_refl _, Nat.le_refl _⟩
theorem a_copy_is_of_the_past (past : OfThePast goal workflow e) : OfThePast goal workflow (copied e other) := by
  cases e <;> exact past
theorem still_of_the_past_after_a_new_goal (past : OfThePast goal workflow e) :
    OfThePast (goal + 1) workflow (afterNewGoal Nat e) := by
  cases e <;> simp [OfThePast, afterNewGoal, Versions.outdate] at * <;> omega
theorem still_of_the_past_after_a_new_workflow (past : OfThePast goal workflow e) :
    OfThePast goal (workflow + 1) (afterNewWorkflow Nat e) := by
  cases e <;> simp [OfThePast, afterNewWorkflow, Versions.outdate] at * <;> omega

end Operations

theorem nothing_comes_from_the_future_at_the_start : NothingFromTheFuture initial := by
  constructor <;> trivial

theorem a_new_goal_brings_nothing_from_the_future (s : NumberedState) (past : NothingFromTheFuture s) :
    NothingFromTheFuture s.bumpGoal := by
  obtain ⟨h1, h2, h3, h4, h5, h6, h7⟩ := past
  constructor <;> (apply still_of_the_past_after_a_new_goal; assumption)

theorem a_new_workflow_brings_nothing_from_the_future (s : NumberedState) (past : NothingFromTheFuture s) :
    NothingFromTheFuture s.bumpWorkflow := by
  obtain ⟨h1, h2, h3, h4, h5, h6, h7⟩ := past
  constructor <;> (apply still_of_the_past_after_a_new_workflow; assumption)

theorem nothing_comes_from_the_future (a : Action) (s : NumberedState) (past : NothingFromTheFuture s) :
    NothingFromTheFuture (effect a s) := by
  have ⟨_, _, _, _, _, _, _⟩ := a_new_goal_brings_nothing_from_the_future s past
  have ⟨_, _, _, _, _, _, _⟩ := a_new_workflow_brings_nothing_from_the_future s past
  obtain ⟨_, _, _, _, _, _, _⟩ := past
  cases a <;> constructor <;>
    first
    | assumption
    | exact nothing_is_of_the_past _ _
    | exact what_is_made_is_of_the_past _ _
    | (apply a_copy_is_of_the_past; assumption)

theorem new_goal_commutes (s : NumberedState) (past : NothingFromTheFuture s) :
    bitsOfState s.bumpGoal = (bitsOfState s).bumpGoal := by
  obtain ⟨h1, h2, h3, h4, h5, h6, h7⟩ := past
  simp [bitsOfState, State.bumpGoal, Versions.bump, bits_after_a_new_goal, *]

theorem new_workflow_commutes (s : NumberedState) (past : NothingFromTheFuture s) :
    bitsOfState s.bumpWorkflow = (bitsOfState s).bumpWorkflow := by
  obtain ⟨h1, h2, h3, h4, h5, h6, h7⟩ := past
  simp [bitsOfState, State.bumpWorkflow, Versions.bump, bits_after_a_new_workflow, *]

/-- The bits decide every guard as the numbers do. -/
theorem guards_agree (a : Action) (s : NumberedState) : guard a (bitsOfState s) ↔ guard a s := by
  have fresh {Says : Type} (e : Option (Evidence Nat Says)) := bits_say_what_is_fresh s e
  have stale {Says : Type} (e : Option (Evidence Nat Says)) := bits_say_what_is_stale s e
  cases a <;>
    simp only [guard, bits_say_what_blocks, bits_say_what_is_proved, bits_say_the_advice] <;>
    simp only [bitsOfState, ← fresh, ← stale]

/-- The bits after a step are those that the step makes of the bits before. -/
theorem effects_agree (a : Action) (s : NumberedState) (past : NothingFromTheFuture s) :
    bitsOfState (effect a s) = effect a (bitsOfState s) := by
  cases a <;> simp only [effect, ← new_goal_commutes s past, ← new_workflow_commutes s past] <;>
    simp [bitsOfState, State.made, Versions.mark, bits_of_something, bits_of_nothing, bits_of_a_copy]

/-- S-4. The model with version numbers and the model with one bit for each stamp simulate each other. -/
theorem version_numbers_and_bits_are_bisimilar :
    Bisimulation (initial : NumberedState) (initial : BitState) Step Step Agree where
  starts := ⟨nothing_comes_from_the_future_at_the_start, rfl⟩
  forth a n n' b agree step := by
    obtain ⟨past, rfl⟩ := agree
    obtain ⟨may, rfl⟩ := step
    exact ⟨_, ⟨(guards_agree a n).2 may, rfl⟩, nothing_comes_from_the_future a n past, (effects_agree a n past).symm⟩
  back a n b b' agree step := by
    obtain ⟨past, rfl⟩ := agree
    obtain ⟨may, rfl⟩ := step
    exact ⟨_, ⟨(guards_agree a n).1 may, rfl⟩, nothing_comes_from_the_future a n past, (effects_agree a n past).symm⟩

/-- What the language can say of two states that agree is the same: which transitions may be taken, and for every kind
of evidence whether it exists, is fresh or is stale, and what it says. -/
theorem agreeing_states_look_the_same (n : NumberedState) (b : BitState) (agree : Agree n b) :
    (∀ a, guard a b ↔ guard a n) ∧ b.phase = n.phase ∧ b.rounds = n.rounds
    ∧ (b.fresh b.proposal = n.fresh n.proposal ∧ b.stale b.proposal = n.stale n.proposal)
    ∧ (b.fresh b.job = n.fresh n.job ∧ b.stale b.job = n.stale n.job)
    ∧ (b.fresh b.report = n.fresh n.report ∧ b.stale b.report = n.stale n.report)
    ∧ (b.fresh b.critique = n.fresh n.critique ∧ b.stale b.critique = n.stale n.critique)
    ∧ (b.fresh b.waiver = n.fresh n.waiver ∧ b.stale b.waiver = n.stale n.waiver)
    ∧ (b.fresh b.approval = n.fresh n.approval ∧ b.stale b.approval = n.stale n.approval)
    ∧ (b.fresh b.build = n.fresh n.build ∧ b.stale b.build = n.stale n.build)
    ∧ b.blocking = n.blocking ∧ b.proof = n.proof ∧ b.advice = n.advice := by
  obtain ⟨_, rfl⟩ := agree
  refine ⟨fun a => guards_agree a n, rfl, rfl, ?_⟩
  have fresh {Says : Type} (e : Option (Evidence Nat Says)) := bits_say_what_is_fresh n e
  have stale {Says : Type} (e : Option (Evidence Nat Says)) := bits_say_what_is_stale n e
  exact ⟨⟨fresh _, stale _⟩, ⟨fresh _, stale _⟩, ⟨fresh _, stale _⟩, ⟨fresh _, stale _⟩, ⟨fresh _, stale _⟩,
    ⟨fresh _, stale _⟩, ⟨fresh _, stale _⟩, bits_say_what_blocks n, bits_say_what_is_proved n, bits_say_the_advice n⟩

/-- What is reached with numbers is reached with bits. -/
theorem reached_with_numbers_is_reached_with_bits (n : NumberedState) (reachable : Reachable n) :
    NothingFromTheFuture n ∧ Reachable (bitsOfState n) := by
  obtain ⟨past, run⟩ := reachable
  induction run with
  | start => exact ⟨nothing_comes_from_the_future_at_the_start, [], .start⟩
  | step past a s t _ step before =>
    obtain ⟨sound, history, run⟩ := before
    obtain ⟨may, rfl⟩ := step
    exact ⟨nothing_comes_from_the_future a s sound, (a, bitsOfState s) :: history,
      .step history a _ _ run ⟨(guards_agree a s).2 may, effects_agree a s sound⟩⟩

/-- What is reached with bits is reached with numbers: the bits add no behaviour. -/
theorem reached_with_bits_is_reached_with_numbers (b : BitState) (reachable : Reachable b) :
    ∃ n : NumberedState, Reachable n ∧ Agree n b := by
  obtain ⟨past, run⟩ := reachable
  induction run with
  | start => exact ⟨initial, ⟨[], .start⟩, nothing_comes_from_the_future_at_the_start, rfl⟩
  | step past a s t _ step before =>
    obtain ⟨n, ⟨history, run⟩, agree⟩ := before
    obtain ⟨n', step', agree'⟩ := version_numbers_and_bits_are_bisimilar.back a n s t agree step
    exact ⟨n', ⟨(a, n) :: history, .step history a n n' run step'⟩, agree'⟩

end Tribunal
