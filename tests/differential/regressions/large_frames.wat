;; Frames of several hundred cells, and jumps with many targets.
(module
  (func $many (export "many locals") (param i64 i32) (result i64)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
      i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.set 100 (local.get 0))
    (local.set 290 (i64.mul (local.get 100) (i64.const 3)))
    (local.set 299 (i64.extend_i32_u (local.get 1)))
    (if (i32.and (local.get 1) (i32.const 7))
      (then (local.set 290 (call $many (local.get 290) (i32.sub (i32.and (local.get 1) (i32.const 7)) (i32.const 1))))))
    (i64.add (i64.add (local.get 290) (local.get 299)) (local.get 150)))
  (func (export "many operands") (param i32) (result i32)
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0
    local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 local.get 0 i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor
    i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add
    i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub
    i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor i32.sub i32.add i32.xor)
  (func (export "many targets") (param i32) (result i32)
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block (block (block (block (block (block (block (block (block (block (block
    (block (block (block
    (br_table 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
    32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
    64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95
    96 97 98 99 100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 119
    (local.get 0))
    ) (if (i32.eq (local.get 0) (i32.const 0)) (then (return (i32.const 1)))) ) (if (i32.eq
    (local.get 0) (i32.const 1)) (then (return (i32.const 8)))) ) (if (i32.eq (local.get 0)
    (i32.const 2)) (then (return (i32.const 15)))) ) (if (i32.eq (local.get 0) (i32.const 3)) (then
    (return (i32.const 22)))) ) (if (i32.eq (local.get 0) (i32.const 4)) (then (return (i32.const
    29)))) ) (if (i32.eq (local.get 0) (i32.const 5)) (then (return (i32.const 36)))) ) (if (i32.eq
    (local.get 0) (i32.const 6)) (then (return (i32.const 43)))) ) (if (i32.eq (local.get 0)
    (i32.const 7)) (then (return (i32.const 50)))) ) (if (i32.eq (local.get 0) (i32.const 8)) (then
    (return (i32.const 57)))) ) (if (i32.eq (local.get 0) (i32.const 9)) (then (return (i32.const
    64)))) ) (if (i32.eq (local.get 0) (i32.const 10)) (then (return (i32.const 71)))) ) (if (i32.eq
    (local.get 0) (i32.const 11)) (then (return (i32.const 78)))) ) (if (i32.eq (local.get 0)
    (i32.const 12)) (then (return (i32.const 85)))) ) (if (i32.eq (local.get 0) (i32.const 13))
    (then (return (i32.const 92)))) ) (if (i32.eq (local.get 0) (i32.const 14)) (then (return
    (i32.const 99)))) ) (if (i32.eq (local.get 0) (i32.const 15)) (then (return (i32.const 106)))) )
    (if (i32.eq (local.get 0) (i32.const 16)) (then (return (i32.const 113)))) ) (if (i32.eq
    (local.get 0) (i32.const 17)) (then (return (i32.const 120)))) ) (if (i32.eq (local.get 0)
    (i32.const 18)) (then (return (i32.const 127)))) ) (if (i32.eq (local.get 0) (i32.const 19))
    (then (return (i32.const 134)))) ) (if (i32.eq (local.get 0) (i32.const 20)) (then (return
    (i32.const 141)))) ) (if (i32.eq (local.get 0) (i32.const 21)) (then (return (i32.const 148))))
    ) (if (i32.eq (local.get 0) (i32.const 22)) (then (return (i32.const 155)))) ) (if (i32.eq
    (local.get 0) (i32.const 23)) (then (return (i32.const 162)))) ) (if (i32.eq (local.get 0)
    (i32.const 24)) (then (return (i32.const 169)))) ) (if (i32.eq (local.get 0) (i32.const 25))
    (then (return (i32.const 176)))) ) (if (i32.eq (local.get 0) (i32.const 26)) (then (return
    (i32.const 183)))) ) (if (i32.eq (local.get 0) (i32.const 27)) (then (return (i32.const 190))))
    ) (if (i32.eq (local.get 0) (i32.const 28)) (then (return (i32.const 197)))) ) (if (i32.eq
    (local.get 0) (i32.const 29)) (then (return (i32.const 204)))) ) (if (i32.eq (local.get 0)
    (i32.const 30)) (then (return (i32.const 211)))) ) (if (i32.eq (local.get 0) (i32.const 31))
    (then (return (i32.const 218)))) ) (if (i32.eq (local.get 0) (i32.const 32)) (then (return
    (i32.const 225)))) ) (if (i32.eq (local.get 0) (i32.const 33)) (then (return (i32.const 232))))
    ) (if (i32.eq (local.get 0) (i32.const 34)) (then (return (i32.const 239)))) ) (if (i32.eq
    (local.get 0) (i32.const 35)) (then (return (i32.const 246)))) ) (if (i32.eq (local.get 0)
    (i32.const 36)) (then (return (i32.const 253)))) ) (if (i32.eq (local.get 0) (i32.const 37))
    (then (return (i32.const 260)))) ) (if (i32.eq (local.get 0) (i32.const 38)) (then (return
    (i32.const 267)))) ) (if (i32.eq (local.get 0) (i32.const 39)) (then (return (i32.const 274))))
    ) (if (i32.eq (local.get 0) (i32.const 40)) (then (return (i32.const 281)))) ) (if (i32.eq
    (local.get 0) (i32.const 41)) (then (return (i32.const 288)))) ) (if (i32.eq (local.get 0)
    (i32.const 42)) (then (return (i32.const 295)))) ) (if (i32.eq (local.get 0) (i32.const 43))
    (then (return (i32.const 302)))) ) (if (i32.eq (local.get 0) (i32.const 44)) (then (return
    (i32.const 309)))) ) (if (i32.eq (local.get 0) (i32.const 45)) (then (return (i32.const 316))))
    ) (if (i32.eq (local.get 0) (i32.const 46)) (then (return (i32.const 323)))) ) (if (i32.eq
    (local.get 0) (i32.const 47)) (then (return (i32.const 330)))) ) (if (i32.eq (local.get 0)
    (i32.const 48)) (then (return (i32.const 337)))) ) (if (i32.eq (local.get 0) (i32.const 49))
    (then (return (i32.const 344)))) ) (if (i32.eq (local.get 0) (i32.const 50)) (then (return
    (i32.const 351)))) ) (if (i32.eq (local.get 0) (i32.const 51)) (then (return (i32.const 358))))
    ) (if (i32.eq (local.get 0) (i32.const 52)) (then (return (i32.const 365)))) ) (if (i32.eq
    (local.get 0) (i32.const 53)) (then (return (i32.const 372)))) ) (if (i32.eq (local.get 0)
    (i32.const 54)) (then (return (i32.const 379)))) ) (if (i32.eq (local.get 0) (i32.const 55))
    (then (return (i32.const 386)))) ) (if (i32.eq (local.get 0) (i32.const 56)) (then (return
    (i32.const 393)))) ) (if (i32.eq (local.get 0) (i32.const 57)) (then (return (i32.const 400))))
    ) (if (i32.eq (local.get 0) (i32.const 58)) (then (return (i32.const 407)))) ) (if (i32.eq
    (local.get 0) (i32.const 59)) (then (return (i32.const 414)))) ) (if (i32.eq (local.get 0)
    (i32.const 60)) (then (return (i32.const 421)))) ) (if (i32.eq (local.get 0) (i32.const 61))
    (then (return (i32.const 428)))) ) (if (i32.eq (local.get 0) (i32.const 62)) (then (return
    (i32.const 435)))) ) (if (i32.eq (local.get 0) (i32.const 63)) (then (return (i32.const 442))))
    ) (if (i32.eq (local.get 0) (i32.const 64)) (then (return (i32.const 449)))) ) (if (i32.eq
    (local.get 0) (i32.const 65)) (then (return (i32.const 456)))) ) (if (i32.eq (local.get 0)
    (i32.const 66)) (then (return (i32.const 463)))) ) (if (i32.eq (local.get 0) (i32.const 67))
    (then (return (i32.const 470)))) ) (if (i32.eq (local.get 0) (i32.const 68)) (then (return
    (i32.const 477)))) ) (if (i32.eq (local.get 0) (i32.const 69)) (then (return (i32.const 484))))
    ) (if (i32.eq (local.get 0) (i32.const 70)) (then (return (i32.const 491)))) ) (if (i32.eq
    (local.get 0) (i32.const 71)) (then (return (i32.const 498)))) ) (if (i32.eq (local.get 0)
    (i32.const 72)) (then (return (i32.const 505)))) ) (if (i32.eq (local.get 0) (i32.const 73))
    (then (return (i32.const 512)))) ) (if (i32.eq (local.get 0) (i32.const 74)) (then (return
    (i32.const 519)))) ) (if (i32.eq (local.get 0) (i32.const 75)) (then (return (i32.const 526))))
    ) (if (i32.eq (local.get 0) (i32.const 76)) (then (return (i32.const 533)))) ) (if (i32.eq
    (local.get 0) (i32.const 77)) (then (return (i32.const 540)))) ) (if (i32.eq (local.get 0)
    (i32.const 78)) (then (return (i32.const 547)))) ) (if (i32.eq (local.get 0) (i32.const 79))
    (then (return (i32.const 554)))) ) (if (i32.eq (local.get 0) (i32.const 80)) (then (return
    (i32.const 561)))) ) (if (i32.eq (local.get 0) (i32.const 81)) (then (return (i32.const 568))))
    ) (if (i32.eq (local.get 0) (i32.const 82)) (then (return (i32.const 575)))) ) (if (i32.eq
    (local.get 0) (i32.const 83)) (then (return (i32.const 582)))) ) (if (i32.eq (local.get 0)
    (i32.const 84)) (then (return (i32.const 589)))) ) (if (i32.eq (local.get 0) (i32.const 85))
    (then (return (i32.const 596)))) ) (if (i32.eq (local.get 0) (i32.const 86)) (then (return
    (i32.const 603)))) ) (if (i32.eq (local.get 0) (i32.const 87)) (then (return (i32.const 610))))
    ) (if (i32.eq (local.get 0) (i32.const 88)) (then (return (i32.const 617)))) ) (if (i32.eq
    (local.get 0) (i32.const 89)) (then (return (i32.const 624)))) ) (if (i32.eq (local.get 0)
    (i32.const 90)) (then (return (i32.const 631)))) ) (if (i32.eq (local.get 0) (i32.const 91))
    (then (return (i32.const 638)))) ) (if (i32.eq (local.get 0) (i32.const 92)) (then (return
    (i32.const 645)))) ) (if (i32.eq (local.get 0) (i32.const 93)) (then (return (i32.const 652))))
    ) (if (i32.eq (local.get 0) (i32.const 94)) (then (return (i32.const 659)))) ) (if (i32.eq
    (local.get 0) (i32.const 95)) (then (return (i32.const 666)))) ) (if (i32.eq (local.get 0)
    (i32.const 96)) (then (return (i32.const 673)))) ) (if (i32.eq (local.get 0) (i32.const 97))
    (then (return (i32.const 680)))) ) (if (i32.eq (local.get 0) (i32.const 98)) (then (return
    (i32.const 687)))) ) (if (i32.eq (local.get 0) (i32.const 99)) (then (return (i32.const 694))))
    ) (if (i32.eq (local.get 0) (i32.const 100)) (then (return (i32.const 701)))) ) (if (i32.eq
    (local.get 0) (i32.const 101)) (then (return (i32.const 708)))) ) (if (i32.eq (local.get 0)
    (i32.const 102)) (then (return (i32.const 715)))) ) (if (i32.eq (local.get 0) (i32.const 103))
    (then (return (i32.const 722)))) ) (if (i32.eq (local.get 0) (i32.const 104)) (then (return
    (i32.const 729)))) ) (if (i32.eq (local.get 0) (i32.const 105)) (then (return (i32.const 736))))
    ) (if (i32.eq (local.get 0) (i32.const 106)) (then (return (i32.const 743)))) ) (if (i32.eq
    (local.get 0) (i32.const 107)) (then (return (i32.const 750)))) ) (if (i32.eq (local.get 0)
    (i32.const 108)) (then (return (i32.const 757)))) ) (if (i32.eq (local.get 0) (i32.const 109))
    (then (return (i32.const 764)))) ) (if (i32.eq (local.get 0) (i32.const 110)) (then (return
    (i32.const 771)))) ) (if (i32.eq (local.get 0) (i32.const 111)) (then (return (i32.const 778))))
    ) (if (i32.eq (local.get 0) (i32.const 112)) (then (return (i32.const 785)))) ) (if (i32.eq
    (local.get 0) (i32.const 113)) (then (return (i32.const 792)))) ) (if (i32.eq (local.get 0)
    (i32.const 114)) (then (return (i32.const 799)))) ) (if (i32.eq (local.get 0) (i32.const 115))
    (then (return (i32.const 806)))) ) (if (i32.eq (local.get 0) (i32.const 116)) (then (return
    (i32.const 813)))) ) (if (i32.eq (local.get 0) (i32.const 117)) (then (return (i32.const 820))))
    ) (if (i32.eq (local.get 0) (i32.const 118)) (then (return (i32.const 827)))) ) (if (i32.eq
    (local.get 0) (i32.const 119)) (then (return (i32.const 834))))
    (i32.const -1)))
