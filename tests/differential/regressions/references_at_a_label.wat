;; The verifier refused the translator's own image: a branch to the function's
;; label, whose result is a reference, in code that another type was stored over.
(module
  (memory 1)
  (func (export "branch") (param externref funcref i32) (result externref)
    (local i32 i64 f32)
    i32.const 0
    i64.load offset=144897 align=1
    local.get 0
    local.get 3
    br_if 0
    unreachable)
  (func (export "taken") (param externref i32) (result externref)
    i64.const -1
    local.get 0
    local.get 1
    br_if 0
    drop
    drop
    ref.null extern))
