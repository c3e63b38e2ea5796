/-! What every workflow needs: absent values, codes of values, a tree of codes. -/

/-- `if`, by the recursor itself, which is what the kernel computes with fastest. -/
def pick {α : Type} (c : Bool) (a b : α) : α := Bool.rec (motive := fun _ => α) b a c
theorem pick_and (a b : Bool) (h : pick a b false = true) : a = true ∧ b = true := by
  cases a with
  | false => exact Bool.noConfusion h
  | true => exact ⟨rfl, h⟩
theorem pick_both (a b : Bool) (ha : a = true) (hb : b = true) : pick a b false = true := by
  subst ha
  exact hb
theorem and_fst (a b : Bool) (h : (a && b) = true) : a = true := by
  cases a with
  | false => exact Bool.noConfusion h
  | true => rfl
theorem and_snd (a b : Bool) (h : (a && b) = true) : b = true := by
  cases a with
  | false => exact Bool.noConfusion h
  | true => exact h
theorem and_both (a b : Bool) (ha : a = true) (hb : b = true) : (a && b) = true := by
  subst ha
  exact hb

/-- A condition that may be absent counts as false. -/
def optTrue (x : Option Bool) : Bool :=
  match x with
  | some b => b
  | none => false
def boolEq (a b : Bool) : Bool := bif a then b else Bool.not b
def intEq (a b : Int) : Bool := decide (a = b)
def intLt (a b : Int) : Bool := decide (a < b)
def intLe (a b : Int) : Bool := decide (a ≤ b)
/-- Two absent values are equal, and an absent one equals nothing else. -/
def optEq {α : Type} (eq : α → α → Bool) (a b : Option α) : Bool :=
  match a, b with
  | some x, some y => eq x y
  | none, none => true
  | some _, none => false
  | none, some _ => false
/-- An order comparison with an absent value is false. -/
def optCmp (cmp : Int → Int → Bool) (a b : Option Int) : Bool :=
  match a, b with
  | some x, some y => cmp x y
  | none, none => false
  | some _, none => false
  | none, some _ => false
/-- Arithmetic on an absent value is absent. -/
def optArith (op : Int → Int → Int) (a b : Option Int) : Option Int :=
  match a, b with
  | some x, some y => some (op x y)
  | none, none => none
  | some _, none => none
  | none, some _ => none
def intAdd (a b : Int) : Int := a + b
def intSub (a b : Int) : Int := a - b
def intIn (lo hi x : Int) : Bool := intLe lo x && intLe x hi
def optIntIn (lo hi : Int) (x : Option Int) : Bool :=
  match x with
  | some n => intIn lo hi n
  | none => true

def boolCode (b : Bool) : Nat := pick b (nat_lit 1) (nat_lit 0)
def boolDecode (n : Nat) : Bool := Nat.beq n (nat_lit 1)
theorem boolCode_lt (b : Bool) : boolCode b < 2 := by cases b <;> decide
theorem boolDecode_code (b : Bool) : boolDecode (boolCode b) = b := by cases b <;> rfl

def intCode (lo x : Int) : Nat := (x - lo).toNat
def intDecode (lo : Int) (n : Nat) : Int := lo + Int.ofNat n
theorem intIn_bounds (lo hi x : Int) (h : intIn lo hi x = true) : lo ≤ x ∧ x ≤ hi := by
  unfold intIn intLe at h
  simpa using h
theorem intCode_lt (lo hi x : Int) (w : Nat) (hw : hi - lo < Int.ofNat w) (h : intIn lo hi x = true) : intCode lo x < w := by
  have hb := intIn_bounds lo hi x h
  unfold intCode
  simp at hw
  omega
theorem intDecode_code (lo hi x : Int) (h : intIn lo hi x = true) : intDecode lo (intCode lo x) = x := by
  have hb := intIn_bounds lo hi x h
  unfold intDecode intCode
  simp
  omega

def optCode {α : Type} (f : α → Nat) (x : Option α) : Nat :=
  Option.rec (motive := fun _ => Nat) (nat_lit 0) (fun a => Nat.succ (f a)) x
def optDecode {α : Type} (g : Nat → α) (n : Nat) : Option α :=
  Nat.rec (motive := fun _ => Option α) none (fun m _ => some (g m)) n
theorem optCode_lt {α : Type} (f : α → Nat) (w : Nat) (h : ∀ a, f a < w) (x : Option α) : optCode f x < Nat.succ w := by
  cases x with
  | none => exact Nat.succ_pos w
  | some a => exact Nat.succ_lt_succ (h a)
theorem optDecode_code {α : Type} (f : α → Nat) (g : Nat → α) (h : ∀ a, g (f a) = a) (x : Option α) :
    optDecode g (optCode f x) = x := by
  cases x with
  | none => rfl
  | some a => exact congrArg some (h a)
theorem optIntCode_lt (lo hi : Int) (x : Option Int) (w : Nat) (hw : hi - lo < Int.ofNat w) (h : optIntIn lo hi x = true) :
    optCode (intCode lo) x < Nat.succ w := by
  cases x with
  | none => exact Nat.succ_pos w
  | some n => exact Nat.succ_lt_succ (intCode_lt lo hi n w hw h)
theorem optIntDecode_code (lo hi : Int) (x : Option Int) (h : optIntIn lo hi x = true) :
    optDecode (intDecode lo) (optCode (intCode lo) x) = x := by
  cases x with
  | none => rfl
  | some n => exact congrArg some (intDecode_code lo hi n h)

/-! A code is `c + w * rest`, digit before digit. What stands at a weight is found by one division. -/
theorem unpack_start (n : Nat) : Nat.div n (nat_lit 1) = n := Nat.div_one n
theorem unpack_next (n W w V c rest : Nat) (h : Nat.div n W = Nat.add c (Nat.mul w rest)) (b : c < w) (v : Nat.mul W w = V) :
    Nat.div n V = rest := by
  subst v
  show n / (W * w) = rest
  rw [← Nat.div_div_eq_div_mul]
  have h : n / W = c + w * rest := h
  have hw : 0 < w := by omega
  rw [h, Nat.add_mul_div_left _ _ hw, Nat.div_eq_of_lt b]
  omega
theorem unpack_digit (n W w c rest : Nat) (h : Nat.div n W = Nat.add c (Nat.mul w rest)) (b : c < w) :
    Nat.mod (Nat.div n W) w = c := by
  rw [h]
  show (c + w * rest) % w = c
  rw [Nat.add_mul_mod_self_left]
  exact Nat.mod_eq_of_lt b
/-- Whether the bit at the weight `W` is set; `V` is twice `W`. -/
def bitAt (W V n : Nat) : Bool := Nat.ble W (Nat.mod n V)
theorem unpack_bit (n W V rest : Nat) (x : Bool) (h : Nat.div n W = Nat.add (boolCode x) (Nat.mul (nat_lit 2) rest))
    (v : Nat.mul W (nat_lit 2) = V) (p : Nat.blt (nat_lit 0) W = true) : bitAt W V n = x := by
  subst v
  have h : n / W = boolCode x + 2 * rest := h
  have p : 0 < W := Nat.blt_eq.mp p
  have l : n % W < W := Nat.mod_lt n p
  have m : n % (W * 2) = n % W + W * (n / W % 2) := Nat.mod_mul
  show Nat.ble W (n % (W * 2)) = x
  rw [m, h, Nat.add_mul_mod_self_left]
  cases x with
  | false =>
    cases e : Nat.ble W (n % W + W * (boolCode false % 2)) with
    | false => rfl
    | true =>
      have e := Nat.le_of_ble_eq_true e
      have z : W * (boolCode false % 2) = 0 := Nat.mul_zero W
      omega
  | true =>
    have o : W * (boolCode true % 2) = W := Nat.mul_one W
    rw [o]
    exact Nat.ble_eq_true_of_le (by omega)

/-! How a code changes when some digits do: what they weighed goes, what they weigh comes. `x` is the rest of the new code, `y` of
the old one, `o` and `n` what goes and comes further on. -/
theorem moved_end (W o : Nat) : Nat.add (Nat.mul W (nat_lit 0)) o = Nat.add (Nat.mul W (nat_lit 0)) o := rfl
theorem moved_skip (W w V c x y o n : Nat) (v : Nat.mul W w = V)
    (h : Nat.add (Nat.mul V x) o = Nat.add (Nat.mul V y) n) :
    Nat.add (Nat.mul W (Nat.add c (Nat.mul w x))) o = Nat.add (Nat.mul W (Nat.add c (Nat.mul w y))) n := by
  subst v
  have h : W * w * x + o = W * w * y + n := h
  show W * (c + w * x) + o = W * (c + w * y) + n
  rw [Nat.mul_add, Nat.mul_add, ← Nat.mul_assoc, ← Nat.mul_assoc]
  omega
theorem moved_put (W w V c d x y o n p q : Nat) (v : Nat.mul W w = V) (hp : p = Nat.mul W c) (hq : q = Nat.mul W d)
    (h : Nat.add (Nat.mul V x) o = Nat.add (Nat.mul V y) n) :
    Nat.add (Nat.mul W (Nat.add d (Nat.mul w x))) (Nat.add p o) = Nat.add (Nat.mul W (Nat.add c (Nat.mul w y))) (Nat.add q n) := by
  subst v hp hq
  have h : W * w * x + o = W * w * y + n := h
  show W * (d + w * x) + (W * c + o) = W * (c + w * y) + (W * d + n)
  rw [Nat.mul_add, Nat.mul_add, ← Nat.mul_assoc, ← Nat.mul_assoc]
  omega
/-- The same where the new digit is zero. -/
theorem moved_clear (W w V c d x y o n p : Nat) (v : Nat.mul W w = V) (hp : p = Nat.mul W c) (hq : d = nat_lit 0)
    (h : Nat.add (Nat.mul V x) o = Nat.add (Nat.mul V y) n) :
    Nat.add (Nat.mul W (Nat.add d (Nat.mul w x))) (Nat.add p o) = Nat.add (Nat.mul W (Nat.add c (Nat.mul w y))) n := by
  subst v hp hq
  have h : W * w * x + o = W * w * y + n := h
  show W * (0 + w * x) + (W * c + o) = W * (c + w * y) + n
  rw [Nat.mul_add, Nat.mul_add, ← Nat.mul_assoc, ← Nat.mul_assoc]
  omega
theorem moved_of (a b o n : Nat) (h : Nat.add (Nat.mul (nat_lit 1) a) o = Nat.add (Nat.mul (nat_lit 1) b) n) :
    a = Nat.sub (Nat.add b n) o := by
  have h : 1 * a + o = 1 * b + n := h
  show a = b + n - o
  omega
theorem bit_weight (W : Nat) (x : Bool) : pick x W (nat_lit 0) = Nat.mul W (boolCode x) := by
  cases x with
  | false => rfl
  | true => exact (Nat.mul_one W).symm

/-- A set of codes. Nothing rests on its order; a wrong order only makes `mem` miss members. -/
inductive Tree where
  | leaf
  | node (l : Tree) (n : Nat) (r : Tree)
def Tree.mem (t : Tree) (k : Nat) : Bool :=
  Tree.rec (motive := fun _ => Bool) false (fun _ n _ l r => pick (Nat.beq k n) true (pick (Nat.ble k n) l r)) t
def Tree.all (t : Tree) (p : Nat → Bool) : Bool :=
  Tree.rec (motive := fun _ => Bool) true (fun _ n _ l r => pick (p n) (pick l r false) false) t
theorem Tree.all_mem (p : Nat → Bool) (k : Nat) (t : Tree) (ha : t.all p = true) (hm : t.mem k = true) : p k = true := by
  induction t with
  | leaf => exact Bool.noConfusion hm
  | node l n r il ir =>
    have ha : pick (p n) (pick (l.all p) (r.all p) false) false = true := ha
    have hm : pick (Nat.beq k n) true (pick (Nat.ble k n) (l.mem k) (r.mem k)) = true := hm
    have h1 := pick_and _ _ ha
    have h2 := pick_and _ _ h1.2
    cases hk : Nat.beq k n with
    | true => have e := Nat.eq_of_beq_eq_true hk; subst e; exact h1.1
    | false =>
      rw [hk] at hm
      cases hle : Nat.ble k n with
      | true => rw [hle] at hm; exact il h2.1 hm
      | false => rw [hle] at hm; exact ir h2.2 hm
