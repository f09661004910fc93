(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;1;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64)
    (i32.store offset=68
      (i32.const 0)
      (i32.load offset=64
        (i32.const 0)))
    (local.set 5
      (i64.load offset=16
        (local.get 0)))
    (local.set 4
      (i64.load offset=8
        (local.get 0)))
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
      (local.set 30
        (i64.and
          (local.get 5)
          (i64.const 4294967295)))
      (local.set 4
        (i64.and
          (local.get 30)
          (i64.const 4294967295)))
      (local.set 28
        (i64.add
          (local.get 23)
          (i64.const 2)))
      (local.set 29
        (i32.const 1))
      (br 0 (;@1;)))
    (i64.store offset=8
      (local.get 0)
      (local.get 4))
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
  (export "1" (func 1)))
