(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param f64 f64 f64) (result i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;1;) (type 1) (param f64 f64 f64) (result i32)
    (local f64 f64)
    (local.set 3
      (f64.sub
        (local.get 2)
        (local.get 0)))
    (local.set 4
      (f64.add
        (f64.sub
          (local.get 0)
          (f64.sub
            (local.get 2)
            (local.get 3)))
        (f64.sub
          (local.get 1)
          (local.get 3))))
    (f64.ne
      (local.get 4)
      (f64.neg
        (local.get 4))))
  (func (;2;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 v128 v128 v128 i32 v128 v128)
    (i32.store offset=68
      (i32.const 0)
      (i32.load offset=64
        (i32.const 0)))
    (local.set 19
      (i64.load offset=144
        (local.get 0)))
    (local.set 20
      (i64.load offset=152
        (local.get 0)))
    (local.set 21
      (i64.load offset=160
        (local.get 0)))
    (local.set 22
      (i32.load offset=208
        (local.get 0)))
    (local.set 23
      (i64.and
        (i64.load offset=136
          (local.get 0))
        (i64.const -4096)))
    (local.set 25
      (i64.shl
        (i64.load32_u offset=184
          (local.get 0))
        (i64.const 42)))
    (local.set 2
      (i64.extend_i32_u
        (i32.and
          (local.get 1)
          (i32.const 4095))))
    (block  ;; label = @1
      (block  ;; label = @2
        (if  ;; label = @3
          (i64.eq
            (local.get 2)
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.const -4398044413952)))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 25)
                (i64.const 0))
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 4398044413952)))
                (local.set 28
                  (local.get 23))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))
            (br 1 (;@2;))))
        (unreachable))
      (if  ;; label = @2
        (i32.or
          (i32.and
            (i32.xor
              (i32.load offset=440
                (local.get 0))
              (i32.const 512))
            (i32.const 512))
          (i32.and
            (i32.load offset=416
              (local.get 0))
            (i32.const 12)))
        (then
          (local.set 25
            (i64.add
              (local.get 25)
              (i64.const 4398044413952)))
          (local.set 28
            (local.get 23))
          (local.set 29
            (i32.const 12))
          (br 1 (;@1;))))
      (local.set 30
        (v128.load align=1
          (i32.add
            (local.get 0)
            (i32.const 1024))))
      (local.set 31
        (v128.load align=1
          (i32.add
            (local.get 0)
            (i32.const 1040))))
      (if  ;; label = @2
        (i32.ne
          (i32.and
            (local.tee 33
              (i32.load offset=1280
                (local.get 0)))
            (i32.const 28672))
          (i32.const 4096))
        (then
          (local.set 25
            (i64.add
              (local.get 25)
              (i64.const 4398044413952)))
          (local.set 28
            (local.get 23))
          (local.set 29
            (i32.const 12))
          (br 1 (;@1;))))
      (local.set 32
        (f64x2.add
          (local.get 30)
          (local.get 31)))
      (if  ;; label = @2
        (i32.eqz
          (i64x2.all_true
            (v128.or
              (v128.and
                (v128.and
                  (v128.or
                    (v128.and
                      (f64x2.gt
                        (local.tee 34
                          (f64x2.abs
                            (local.get 32)))
                        (v128.const i32x4 0x00000000 0x00100000 0x00000000 0x00100000))
                      (f64x2.le
                        (local.get 34)
                        (v128.const i32x4 0xffffffff 0x7fefffff 0xffffffff 0x7fefffff)))
                    (f64x2.eq
                      (local.get 32)
                      (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000)))
                  (v128.or
                    (f64x2.ge
                      (f64x2.abs
                        (local.get 30))
                      (v128.const i32x4 0x00000000 0x00100000 0x00000000 0x00100000))
                    (f64x2.eq
                      (local.get 30)
                      (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000))))
                (v128.or
                  (f64x2.ge
                    (f64x2.abs
                      (local.get 31))
                    (v128.const i32x4 0x00000000 0x00100000 0x00000000 0x00100000))
                  (f64x2.eq
                    (local.get 31)
                    (v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000))))
              (v128.const i32x4 0x00000000 0x00000000 0xffffffff 0xffffffff))))
        (then
          (local.set 25
            (i64.add
              (local.get 25)
              (i64.const 4398044413952)))
          (local.set 28
            (local.get 23))
          (local.set 29
            (i32.const 12))
          (br 1 (;@1;))))
      (if  ;; label = @2
        (i32.eqz
          (i32.and
            (local.get 33)
            (i32.const 32)))
        (then
          (if  ;; label = @3
            (call 1
              (f64x2.extract_lane 0
                (local.get 30))
              (f64x2.extract_lane 0
                (local.get 31))
              (f64x2.extract_lane 0
                (local.get 32)))
            (then
              (i32.store offset=1280
                (local.get 0)
                (i32.or
                  (local.get 33)
                  (i32.const 32)))))))
      (local.set 35
        (i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31
          (local.get 32)
          (local.get 30)))
      (v128.store align=1
        (i32.add
          (local.get 0)
          (i32.const 1024))
        (local.get 35))
      (local.set 28
        (i64.add
          (local.get 23)
          (i64.const 4)))
      (local.set 29
        (i32.const 12))
      (br 0 (;@1;)))
    (i64.store offset=144
      (local.get 0)
      (local.get 19))
    (i64.store offset=152
      (local.get 0)
      (local.get 20))
    (i64.store offset=160
      (local.get 0)
      (local.get 21))
    (i64.store offset=136
      (local.get 0)
      (local.get 28))
    (i32.store offset=184
      (local.get 0)
      (i32.wrap_i64
        (i64.shr_u
          (local.get 25)
          (i64.const 42))))
    (i32.store offset=188
      (local.get 0)
      (i32.add
        (i32.load offset=188
          (local.get 0))
        (i32.wrap_i64
          (i64.and
            (i64.shr_u
              (local.get 25)
              (i64.const 21))
            (i64.const 2097151)))))
    (i64.store offset=192
      (local.get 0)
      (i64.add
        (i64.load offset=192
          (local.get 0))
        (i64.add
          (i64.and
            (i64.shr_u
              (local.get 25)
              (i64.const 0))
            (i64.const 2097151))
          (local.get 26))))
    (if  ;; label = @1
      (i32.eq
        (local.get 29)
        (i32.const 1))
      (then
        (i32.store offset=132
          (i32.const 0)
          (local.tee 1
            (i32.sub
              (i32.load offset=132
                (i32.const 0))
              (i32.const 1))))
        (if  ;; label = @2
          (i32.eqz
            (local.get 1))
          (then
            (i32.store offset=1600
              (local.get 0)
              (i32.const 1))
            (i64.store offset=1608
              (local.get 0)
              (local.get 23))
            (local.set 29
              (i32.const 11))))))
    (local.get 29))
  (export "1" (func 2)))
