;; Values of one and of two cells side by side: parameters, results of blocks,
;; moves that overlap, and select.
(module
  (func $rotate (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    local.get 3 local.get 2 local.get 1 local.get 0)
  (func (export "there and back") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
    (local f64 f32 i64 i32)
    (call $rotate (local.get 0) (local.get 1) (local.get 2) (local.get 3))
    local.set 7 local.set 6 local.set 5 local.set 4
    local.get 7 local.get 6 local.get 5 local.get 4)
  (func (export "loop") (param i32 i64) (result i64 i32 i64)
    (local $turns i32)
    local.get 1
    local.get 0
    i64.const 1
    (loop $again (param i64 i32 i64) (result i64 i32 i64)
      local.get 1
      i64.add
      (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
      (local.set 1)
      (local.set 0)
      i64.const 3
      i64.mul
      (i32.rotl (local.get 0) (local.get $turns))
      local.get 1
      (br_if $again (i32.lt_u (local.get $turns) (i32.const 9)))))
  (func (export "swap") (param i64 i64 i32) (result i64 i64)
    (loop $again
      (local.get 0) (local.get 1) (local.set 0) (local.set 1)
      (local.set 2 (i32.shr_u (local.get 2) (i32.const 3)))
      (br_if $again (local.get 2)))
    (local.get 0) (local.get 1))
  (func (export "select") (param i64 i64 f32 f32 i32) (result i64 f32)
    (select (local.get 0) (local.get 1) (local.get 4))
    (select (local.get 2) (local.get 3) (i32.and (local.get 4) (i32.const 1))))
  (func (export "branch over values") (param i32 i64) (result i64)
    (block $out (result i64)
      (i32.const 1) (f64.const 2) (local.get 1)
      (br_if $out (local.get 0))
      (i64.const 4) i64.add
      (br $out)))
  (func (export "tee under an operand") (param i32) (result i32)
    local.get 0
    (local.tee 0 (i32.mul (local.get 0) (i32.const 10)))
    i32.sub
    local.get 0
    i32.add))
