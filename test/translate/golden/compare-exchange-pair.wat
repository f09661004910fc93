(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;1;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64 i32 i64 i32 i64 i32 i64 i32 i64 i64 i64 i32 i64 i64)
    (i32.store offset=68
      (i32.const 0)
      (i32.load offset=64
        (i32.const 0)))
    (local.set 9
      (i64.load offset=56
        (local.get 0)))
    (local.set 2
      (i64.load
        (local.get 0)))
    (local.set 4
      (i64.load offset=16
        (local.get 0)))
    (local.set 5
      (i64.load offset=24
        (local.get 0)))
    (local.set 3
      (i64.load offset=8
        (local.get 0)))
    (local.set 18
      (i64.load offset=144
        (local.get 0)))
    (local.set 19
      (i64.load offset=152
        (local.get 0)))
    (local.set 20
      (i64.load offset=160
        (local.get 0)))
    (local.set 21
      (i32.load offset=208
        (local.get 0)))
    (local.set 22
      (i64.and
        (i64.load offset=136
          (local.get 0))
        (i64.const -4096)))
    (local.set 24
      (i64.shl
        (i64.load32_u offset=184
          (local.get 0))
        (i64.const 42)))
    (local.set 1
      (i32.and
        (local.get 1)
        (i32.const 4095)))
    (block  ;; label = @1
      (block  ;; label = @2
        (if  ;; label = @3
          (i32.eq
            (local.get 1)
            (i32.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.const -4398044413952)))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 24)
                (i64.const 0))
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 4398044413952)))
                (local.set 27
                  (local.get 22))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))
            (br 1 (;@2;))))
        (unreachable))
      (local.set 29
        (local.get 9))
      (if  ;; label = @2
        (i32.eqz
          (i64.eqz
            (i64.and
              (local.get 29)
              (i64.const 15))))
        (then
          (local.set 24
            (i64.add
              (local.get 24)
              (i64.const 4398044413952)))
          (local.set 27
            (local.get 22))
          (local.set 28
            (i32.const 15))
          (br 1 (;@1;))))
      (local.set 31
        (local.get 29))
      (if  ;; label = @2
        (i64.ne
          (i64.load offset=8192
            (local.tee 32
              (i32.add
                (local.get 21)
                (i32.and
                  (i32.shr_u
                    (i32.wrap_i64
                      (local.get 31))
                    (i32.const 8))
                  (i32.const 8176)))))
          (i64.and
            (i64.add
              (local.get 31)
              (i64.const 7))
            (i64.const -4096)))
        (then
          (i64.store offset=216
            (local.get 0)
            (local.get 31))
          (if  ;; label = @3
            (call 0
              (local.get 0)
              (i32.const 289))
            (then
              (local.set 24
                (i64.add
                  (local.get 24)
                  (i64.const 4398044413952)))
              (local.set 27
                (local.get 22))
              (local.set 28
                (i32.const 15))
              (br 2 (;@1;))))))
      (local.set 33
        (i64.load
          (local.tee 30
            (i32.add
              (i32.wrap_i64
                (local.get 31))
              (i32.load offset=8200
                (local.get 32))))))
      (local.set 35
        (i64.add
          (local.get 29)
          (i64.const 8)))
      (if  ;; label = @2
        (i64.ne
          (i64.load offset=8192
            (local.tee 36
              (i32.add
                (local.get 21)
                (i32.and
                  (i32.shr_u
                    (i32.wrap_i64
                      (local.get 35))
                    (i32.const 8))
                  (i32.const 8176)))))
          (i64.and
            (i64.add
              (local.get 35)
              (i64.const 7))
            (i64.const -4096)))
        (then
          (i64.store offset=216
            (local.get 0)
            (local.get 35))
          (if  ;; label = @3
            (call 0
              (local.get 0)
              (i32.const 289))
            (then
              (local.set 24
                (i64.add
                  (local.get 24)
                  (i64.const 4398044413952)))
              (local.set 27
                (local.get 22))
              (local.set 28
                (i32.const 15))
              (br 2 (;@1;))))))
      (local.set 37
        (i64.load
          (local.tee 34
            (i32.add
              (i32.wrap_i64
                (local.get 35))
              (i32.load offset=8200
                (local.get 36))))))
      (local.set 38
        (local.get 2))
      (local.set 39
        (local.get 4))
      (local.set 40
        (i32.and
          (i64.eq
            (local.get 38)
            (local.get 33))
          (i64.eq
            (local.get 39)
            (local.get 37))))
      (local.set 41
        (local.get 5))
      (i64.store
        (local.get 30)
        (select
          (local.get 41)
          (local.get 33)
          (local.get 40)))
      (local.set 42
        (local.get 3))
      (i64.store
        (local.get 34)
        (select
          (local.get 42)
          (local.get 37)
          (local.get 40)))
      (if  ;; label = @2
        (i32.eqz
          (local.get 40))
        (then
          (local.set 2
            (local.get 33))
          (local.set 4
            (local.get 37))))
      (local.set 18
        (i64.extend_i32_u
          (i32.eqz
            (local.get 40))))
      (local.set 27
        (i64.add
          (local.get 22)
          (i64.const 5)))
      (local.set 28
        (i32.const 15))
      (br 0 (;@1;)))
    (i64.store
      (local.get 0)
      (local.get 2))
    (i64.store offset=16
      (local.get 0)
      (local.get 4))
    (i64.store offset=144
      (local.get 0)
      (local.get 18))
    (i64.store offset=152
      (local.get 0)
      (local.get 19))
    (i64.store offset=160
      (local.get 0)
      (local.get 20))
    (i64.store offset=136
      (local.get 0)
      (local.get 27))
    (i32.store offset=184
      (local.get 0)
      (i32.wrap_i64
        (i64.shr_u
          (local.get 24)
          (i64.const 42))))
    (i32.store offset=188
      (local.get 0)
      (i32.add
        (i32.load offset=188
          (local.get 0))
        (i32.wrap_i64
          (i64.and
            (i64.shr_u
              (local.get 24)
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
              (local.get 24)
              (i64.const 0))
            (i64.const 2097151))
          (local.get 25))))
    (local.get 28))
  (export "1" (func 1)))
