module
public import Tribunal.Exact
@[expose] public noncomputable section
set_option autoImplicit false
set_option warningAsError true
set_option Elab.async false

/-!
# What a run remembers

Said of real version numbers, over whole runs: what is stale stays stale for ever, and every approval, waiver and build
goes back to the step that made it and to the version it was made of.
-/

namespace Tribunal

/-- `Later s t`: from s some steps, or none, lead to t. -/
inductive Later (s : NumberedState) : NumberedState → Prop
  | none : Later s s
  | step (a : Action) (t u : NumberedState) : Later s t → Step a t u → Later s u

section Stale
variable {Says : Type} (s t u : NumberedState)

theorem versions_only_grow (a : Action) :
    s.goal_text ≤ (effect a s).goal_text ∧ s.workflow_ir ≤ (effect a s).workflow_ir := by
  cases a <;> simp [effect, State.bumpGoal, State.bumpWorkflow, Versions.bump]

theorem versions_grow_along_a_run (later : Later s t) : s.goal_text ≤ t.goal_text ∧ s.workflow_ir ≤ t.workflow_ir := by
  induction later with
  | none => exact ⟨Nat.le_refl _, Nat.le_refl _⟩
  | step a t u _ step before =>
    have := versions_only_grow t a
    obtain ⟨_, rfl⟩ := step
    omega

/-- S-4, "never set again": whatever was made, once it is stale it is stale in every later state. -/
theorem what_is_stale_is_stale_for_ever (e : Evidence Nat Says) (past : OfThePast s.goal_text s.workflow_ir (some e))
    (stale : s.stale (some e)) (later : Later s t) : t.stale (some e) := by
  have := versions_grow_along_a_run s t later
  simp [State.stale, Versions.current, OfThePast] at *
  omega

/-- Once an approval is stale, no later state of any run has that same approval fresh. -/
theorem a_stale_approval_is_stale_for_ever (reachable : Reachable s) (e : Evidence Nat Unit)
    (given : s.approval = some e) (stale : s.stale s.approval) (later : Later s t) : t.stale (some e) := by
  have past := (reached_with_numbers_is_reached_with_bits s reachable).1.approval
  rw [given] at past stale
  exact what_is_stale_is_stale_for_ever s t e past stale later

theorem reachable_is_kept (reachable : Reachable s) (later : Later s t) : Reachable t := by
  induction later with
  | none => exact reachable
  | step a t u _ step before =>
    obtain ⟨past, run⟩ := before
    exact ⟨(a, t) :: past, .step past a t u run step⟩

/-- R4. A revision voids, for ever, every approval that stood at it or at any time before. -/
theorem a_revision_voids_every_earlier_approval_for_ever (b : NumberedState) (e : Evidence Nat Unit)
    (reachable : Reachable b) (given : b.approval = some e) (until_now : Later b s)
    (revision : Step .revise s t) (later : Later t u) : u.stale (some e) := by
  have past := (reached_with_numbers_is_reached_with_bits b reachable).1.approval
  have before := versions_grow_along_a_run b s until_now
  have after := versions_grow_along_a_run t u later
  obtain ⟨_, rfl⟩ := revision
  rw [given] at past
  simp [State.stale, Versions.current, OfThePast, effect, State.bumpWorkflow, Versions.bump] at *
  omega

/-- R4. So does a new goal. -/
theorem a_new_goal_voids_every_earlier_approval_for_ever (b : NumberedState) (e : Evidence Nat Unit)
    (reachable : Reachable b) (given : b.approval = some e) (until_now : Later b s)
    (new_goal : Step .change_goal s t) (later : Later t u) : u.stale (some e) := by
  have past := (reached_with_numbers_is_reached_with_bits b reachable).1.approval
  have before := versions_grow_along_a_run b s until_now
  have after := versions_grow_along_a_run t u later
  obtain ⟨_, rfl⟩ := new_goal
  rw [given] at past
  simp [State.stale, Versions.current, OfThePast, effect, State.bumpGoal, Versions.bump] at *
  omega

end Stale

/-- What is proved of the bits holds of the numbers. -/
theorem what_holds_of_bits_holds_of_numbers (p : BitState → Prop) (holds : ∀ b, Reachable b → p b)
    (n : NumberedState) (reachable : Reachable n) : p (bitsOfState n) :=
  holds _ (reached_with_numbers_is_reached_with_bits n reachable).2

/-- This evidence was made of the versions that this state has. -/
def MadeOf {Says : Type} (s : NumberedState) (e : Evidence Nat Says) : Prop :=
  e.goal_text = s.goal_text ∧ e.workflow_ir = s.workflow_ir

/-- The step `(a, b)` gave the approval e: a person took it, for the version that was formalized and critiqued, with the
critic's consent, and nothing blocked or a waiver of this version stood. -/
structure Gave (e : Evidence Nat Unit) (a : Action) (b : NumberedState) : Prop where
  approves : a.approves
  by_a_person : a.actor = .Human
  made_of : MadeOf b e
  formalized : ∃ report, b.report = some report ∧ MadeOf b report
  critiqued : ∃ critique, b.critique = some critique ∧ MadeOf b critique ∧ critique.says = .accept
  nothing_blocks_or_waived :
    (b.blocking = some false ∧ b.proof = some .complete) ∨ ∃ waiver, b.waiver = some waiver ∧ MadeOf b waiver

section Traces
variable {Says : Type} (s t : NumberedState)

theorem fresh_is_made_of_now (e : Option (Evidence Nat Says)) :
    s.fresh e = true ↔ ∃ x, e = some x ∧ MadeOf s x := by
  cases e <;> simp [State.fresh, Versions.current, MadeOf]

theorem a_new_goal_leaves_numbers_alone (e : Option (Evidence Nat Says)) : afterNewGoal Nat e = e := by
  cases e <;> rfl
theorem a_new_workflow_leaves_numbers_alone (e : Option (Evidence Nat Says)) : afterNewWorkflow Nat e = e := by
  cases e <;> rfl

attribute [local grind =] fresh_is_made_of_now a_new_goal_leaves_numbers_alone a_new_workflow_leaves_numbers_alone

theorem an_approval_is_given_kept_or_dropped (a : Action) (may : guard a s) :
    (effect a s).approval = s.approval ∨ (effect a s).approval = none
    ∨ ∃ e, (effect a s).approval = some e ∧ Gave e a s := by
  have something {α : Type} {o : Option α} {f : α → Advice} (h : o.map f = some .accept) :
      ∃ x, o = some x ∧ f x = .accept := by cases o <;> simp_all
  cases a with
  | approve_with_proof =>
    obtain ⟨_, report, unblocked, proved, critique, accepted⟩ := may
    simp only [fresh_is_made_of_now] at report critique
    have := s.a_report_blocks_or_not
    refine .inr (.inr ⟨_, rfl, rfl, rfl, ⟨rfl, rfl⟩, report, ?_, .inl ⟨?_, proved⟩⟩) <;> grind
  | approve_with_waiver =>
    obtain ⟨_, report, waiver, critique, accepted⟩ := may
    simp only [fresh_is_made_of_now] at report critique waiver
    refine .inr (.inr ⟨_, rfl, rfl, rfl, ⟨rfl, rfl⟩, report, ?_, .inr waiver⟩)
    grind
  | _ => grind

theorem a_waiver_is_given_kept_or_dropped (a : Action) (may : guard a s) :
    (effect a s).waiver = s.waiver ∨ (effect a s).waiver = none
    ∨ ∃ e, (effect a s).waiver = some e ∧ a = .waive ∧ MadeOf s e := by
  cases a with
  | waive =>
    obtain ⟨_, report, _⟩ := may
    simp only [fresh_is_made_of_now] at report
    obtain ⟨report, there, made⟩ := report
    exact .inr (.inr ⟨_, by simp [effect, copied, there]; rfl, rfl, made⟩)
  | _ => grind

theorem a_build_is_begun_kept_or_dropped (a : Action) (may : guard a s) :
    (effect a s).build = s.build ∨ (effect a s).build = none
    ∨ ∃ e, (effect a s).build = some e ∧ a = .begin ∧ MadeOf s e := by
  cases a with
  | begin =>
    obtain ⟨_, approval⟩ := may
    simp only [fresh_is_made_of_now] at approval
    obtain ⟨approval, there, made⟩ := approval
    exact .inr (.inr ⟨_, by simp [effect, copied, there], rfl, made⟩)
  | _ => grind

variable (past : List (Action × NumberedState)) (run : Run past s)
include run

/-- R2, R3. Every approval that exists, stale or not, was given by a person, for the version that was formalized and
critiqued, where nothing blocked or a waiver stood. -/
theorem every_approval_was_given_on_checked_work (e : Evidence Nat Unit) (there : s.approval = some e) :
    ∃ a b, (a, b) ∈ past ∧ Gave e a b := by
  induction run with
  | start => cases there
  | step past a s t _ step before =>
    obtain ⟨may, rfl⟩ := step
    have := an_approval_is_given_kept_or_dropped s a may
    grind

/-- R2. Every waiver that exists was given by a person, for the version it names. -/
theorem every_waiver_was_given_by_a_person (e : Evidence Nat Unit) (there : s.waiver = some e) :
    ∃ b, (.waive, b) ∈ past ∧ MadeOf b e := by
  induction run with
  | start => cases there
  | step past a s t _ step before =>
    obtain ⟨may, rfl⟩ := step
    have := a_waiver_is_given_kept_or_dropped s a may
    grind

/-- Every build that exists was begun, on the version it names. -/
theorem every_build_was_begun (e : Evidence Nat Unit) (there : s.build = some e) :
    ∃ b, (.begin, b) ∈ past ∧ MadeOf b e := by
  induction run with
  | start => cases there
  | step past a s t _ step before =>
    obtain ⟨may, rfl⟩ := step
    have := a_build_is_begun_kept_or_dropped s a may
    grind

/-- R1. Before an implementation begins, a person has approved this very version. -/
theorem no_implementation_begins_before_an_approval (step : Step .begin s t) :
    ∃ e a b, (a, b) ∈ past ∧ Gave e a b ∧ MadeOf s e := by
  obtain ⟨e, there, now⟩ := (fresh_is_made_of_now s s.approval).1 step.1.2
  obtain ⟨a, b, earlier, gave⟩ := every_approval_was_given_on_checked_work s past run e there
  exact ⟨e, a, b, earlier, gave, now⟩

/-- R2. An approval with waiver is given only after a person waived, for this very version. -/
theorem no_approval_with_waiver_before_a_waiver (step : Step .approve_with_waiver s t) :
    ∃ (e : Evidence Nat Unit) (b : NumberedState), (.waive, b) ∈ past ∧ MadeOf b e ∧ MadeOf s e := by
  obtain ⟨e, there, now⟩ := (fresh_is_made_of_now s s.waiver).1 step.1.2.2.1
  obtain ⟨b, earlier, gave⟩ := every_waiver_was_given_by_a_person s past run e there
  exact ⟨e, b, earlier, gave, now⟩

/-- R5. Verified work traces back: earlier in the run a person approved exactly the versions of now, and the executor
began on exactly the versions of now. -/
theorem verified_work_traces_back_to_an_approval (here : s.phase = .Verified) :
    (∃ e a b, (a, b) ∈ past ∧ Gave e a b ∧ MadeOf s e)
    ∧ (∃ (e : Evidence Nat Unit) (b : NumberedState), (.begin, b) ∈ past ∧ MadeOf b e ∧ MadeOf s e) := by
  have reached := (reached_with_numbers_is_reached_with_bits s ⟨past, run⟩).2
  obtain ⟨approved, built, _⟩ := verified_work_is_approved_work (bitsOfState s) reached here
  obtain ⟨e, there, now⟩ := (fresh_is_made_of_now s s.approval).1 ((bits_say_what_is_fresh s s.approval) ▸ approved)
  obtain ⟨f, built, now'⟩ := (fresh_is_made_of_now s s.build).1 ((bits_say_what_is_fresh s s.build) ▸ built)
  obtain ⟨a, b, earlier, gave⟩ := every_approval_was_given_on_checked_work s past run e there
  obtain ⟨c, begun, of⟩ := every_build_was_begun s past run f built
  exact ⟨⟨e, a, b, earlier, gave, now⟩, ⟨f, c, begun, of, now'⟩⟩

end Traces
end Tribunal
