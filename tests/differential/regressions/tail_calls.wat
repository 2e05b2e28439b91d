;; Tail calls between functions with frames and parameters of different sizes, of
;; host functions too.
(module
  (import "host" "mix" (func $mix (param i32 i64) (result i64)))
  (func $small (param i32 i64) (result i64)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $large (i64.const 5) (local.get 1) (f64.const 0.5)
      (i32.sub (local.get 0) (i32.const 1))))
  (func $large (param i64 i64 f64 i32) (result i64)
    (local i64 i64 i64 i64 i64 i64)
    (local.set 6 (i64.mul (local.get 0) (local.get 1)))
    (return_call $small (local.get 3) (i64.add (local.get 6) (i64.const 1))))
  (func (export "deep") (param i32 i64) (result i64)
    (return_call $small (i32.and (local.get 0) (i32.const 4095)) (local.get 1)))
  (func (export "host") (param i64 i32) (result i64)
    (return_call $mix (local.get 1) (local.get 0)))
  (func (export "not in tail position") (param i32 i64) (result i64)
    (i64.add (call $small (i32.and (local.get 0) (i32.const 15)) (local.get 1)) (local.get 1))))
