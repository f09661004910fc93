(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32)))
  (type (;2;) (func (param i32 i32 i32 i32 i32)))
  (type (;3;) (func (param i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "access" (func (;1;) (type 1)))
  (import "env" "branch" (func (;2;) (type 2)))
  (import "env" "commit" (func (;3;) (type 3)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;4;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i64)
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
    (local.set 8
      (i64.load offset=48
        (local.get 0)))
    (local.set 6
      (i64.load offset=32
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
    (i32.store offset=184
      (local.get 0)
      (i32.const 0))
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
                (i64.const -17592177655807)))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 24)
                (i64.const 0))
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 17592177655807)))
                (local.set 27
                  (local.get 22))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))
            (br 1 (;@2;))))
        (unreachable))
      (loop  ;; label = @2
        (local.set 29
          (local.get 9))
        (local.set 31
          (local.get 29))
        (if  ;; label = @3
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
            (if  ;; label = @4
              (call 0
                (local.get 0)
                (i32.const 289))
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 17592177655807)))
                (local.set 27
                  (local.get 22))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))))
        (local.set 33
          (i64.load
            (local.tee 30
              (i32.add
                (i32.wrap_i64
                  (local.get 31))
                (i32.load offset=8200
                  (local.get 32))))))
        (local.set 34
          (local.get 2))
        (local.set 35
          (i64.add
            (i64.add
              (local.get 33)
              (local.get 34))
            (i64.const 0)))
        (i64.store
          (local.get 30)
          (local.get 35))
        (call 1
          (local.get 0)
          (local.get 30))
        (call 3
          (local.get 0))
        (if  ;; label = @3
          (i64.ne
            (local.tee 36
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.shl
                  (local.get 36)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 24)
                (i64.const 0))
              (then
                (local.get 35)
                (local.get 35)
                (local.set 20
                  (i64.or
                    (i64.and
                      (local.get 33)
                      (local.get 34))
                    (i64.and
                      (i64.or
                        (local.get 33)
                        (local.get 34))
                      (i64.xor
                        (local.get 35)
                        (i64.const -1)))))
                (local.set 19)
                (local.set 18)
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 13194133241855)))
                (local.set 27
                  (i64.add
                    (local.get 22)
                    (i64.const 3)))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))))
        (local.set 37
          (local.get 8))
        (local.set 39
          (local.get 37))
        (if  ;; label = @3
          (i64.ne
            (i64.load
              (local.tee 40
                (i32.add
                  (local.get 21)
                  (i32.and
                    (i32.shr_u
                      (i32.wrap_i64
                        (local.get 39))
                      (i32.const 8))
                    (i32.const 8176)))))
            (i64.and
              (i64.add
                (local.get 39)
                (i64.const 7))
              (i64.const -4096)))
          (then
            (i64.store offset=216
              (local.get 0)
              (local.get 39))
            (if  ;; label = @4
              (call 0
                (local.get 0)
                (i32.const 288))
              (then
                (local.get 35)
                (local.get 35)
                (local.set 20
                  (i64.or
                    (i64.and
                      (local.get 33)
                      (local.get 34))
                    (i64.and
                      (i64.or
                        (local.get 33)
                        (local.get 34))
                      (i64.xor
                        (local.get 35)
                        (i64.const -1)))))
                (local.set 19)
                (local.set 18)
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 13194133241855)))
                (local.set 27
                  (i64.add
                    (local.get 22)
                    (i64.const 3)))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))))
        (local.set 41
          (i64.load
            (local.tee 38
              (i32.add
                (i32.wrap_i64
                  (local.get 39))
                (i32.load offset=8
                  (local.get 40))))))
        (local.set 42
          (local.get 6))
        (local.set 43
          (i64.sub
            (local.get 42)
            (i64.const 8)))
        (local.set 45
          (local.get 43))
        (if  ;; label = @3
          (i64.ne
            (i64.load offset=8192
              (local.tee 46
                (i32.add
                  (local.get 21)
                  (i32.and
                    (i32.shr_u
                      (i32.wrap_i64
                        (local.get 45))
                      (i32.const 8))
                    (i32.const 8176)))))
            (i64.and
              (i64.add
                (local.get 45)
                (i64.const 7))
              (i64.const -4096)))
          (then
            (i64.store offset=216
              (local.get 0)
              (local.get 45))
            (if  ;; label = @4
              (call 0
                (local.get 0)
                (i32.const 289))
              (then
                (local.get 35)
                (local.get 35)
                (local.set 20
                  (i64.or
                    (i64.and
                      (local.get 33)
                      (local.get 34))
                    (i64.and
                      (i64.or
                        (local.get 33)
                        (local.get 34))
                      (i64.xor
                        (local.get 35)
                        (i64.const -1)))))
                (local.set 19)
                (local.set 18)
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 13194133241855)))
                (local.set 27
                  (i64.add
                    (local.get 22)
                    (i64.const 3)))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))))
        (i64.store
          (local.tee 44
            (i32.add
              (i32.wrap_i64
                (local.get 45))
              (i32.load offset=8200
                (local.get 46))))
          (local.get 41))
        (local.set 6
          (local.get 43))
        (call 1
          (local.get 0)
          (local.get 38))
        (call 1
          (local.get 0)
          (local.get 44))
        (call 3
          (local.get 0))
        (if  ;; label = @3
          (i64.ne
            (local.tee 47
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.shl
                  (local.get 47)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 24)
                (i64.const 0))
              (then
                (local.get 35)
                (local.get 35)
                (local.set 20
                  (i64.or
                    (i64.and
                      (local.get 33)
                      (local.get 34))
                    (i64.and
                      (i64.or
                        (local.get 33)
                        (local.get 34))
                      (i64.xor
                        (local.get 35)
                        (i64.const -1)))))
                (local.set 19)
                (local.set 18)
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 8796088827903)))
                (local.set 27
                  (i64.add
                    (local.get 22)
                    (i64.const 5)))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))))
        (local.set 48
          (i64.and
            (local.get 3)
            (i64.const 4294967295)))
        (local.set 49
          (i64.sub
            (i64.sub
              (local.get 48)
              (i64.const 1))
            (i64.const 0)))
        (local.set 50
          (i64.xor
            (local.get 48)
            (i64.const -1)))
        (local.set 3
          (i64.and
            (local.get 49)
            (i64.const 4294967295)))
        (local.set 51
          (i32.eqz
            (i64.eqz
              (i64.extend32_s
                (local.get 49)))))
        (local.set 52
          (local.get 22))
        (local.set 53
          (local.get 51))
        (call 2
          (local.get 0)
          (i32.const 2)
          (i32.wrap_i64
            (i64.add
              (local.get 22)
              (i64.const 9)))
          (local.get 53)
          (i32.wrap_i64
            (i64.const 0)))
        (if  ;; label = @3
          (i64.ne
            (local.tee 54
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.shl
                  (local.get 54)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))))
        (if  ;; label = @3
          (local.get 53)
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.const -17592177655807)))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 24)
                (i64.const 0))
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 17592177655807)))
                (i64.extend32_s
                  (local.get 49))
                (i64.extend32_s
                  (local.get 49))
                (local.set 20
                  (i64.xor
                    (i64.and
                      (i64.shr_s
                        (i64.xor
                          (local.tee 55
                            (i64.or
                              (i64.shl
                                (local.tee 56
                                  (i64.or
                                    (i64.and
                                      (local.get 50)
                                      (i64.const 1))
                                    (i64.and
                                      (i64.or
                                        (local.get 50)
                                        (i64.const 1))
                                      (local.get 49))))
                                (i64.const 32))
                              (i64.and
                                (local.get 56)
                                (i64.const 8))))
                          (i64.or
                            (i64.and
                              (local.get 33)
                              (local.get 34))
                            (i64.and
                              (i64.or
                                (local.get 33)
                                (local.get 34))
                              (i64.xor
                                (local.get 35)
                                (i64.const -1)))))
                        (i64.const 63))
                      (i64.const -4611686018427387904))
                    (local.get 55)))
                (local.set 19)
                (local.set 18)
                (local.set 27
                  (local.get 22))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))
            (i64.extend32_s
              (local.get 49))
            (i64.extend32_s
              (local.get 49))
            (local.set 20
              (i64.xor
                (i64.and
                  (i64.shr_s
                    (i64.xor
                      (local.tee 55
                        (i64.or
                          (i64.shl
                            (local.tee 56
                              (i64.or
                                (i64.and
                                  (local.get 50)
                                  (i64.const 1))
                                (i64.and
                                  (i64.or
                                    (local.get 50)
                                    (i64.const 1))
                                  (local.get 49))))
                            (i64.const 32))
                          (i64.and
                            (local.get 56)
                            (i64.const 8))))
                      (i64.or
                        (i64.and
                          (local.get 33)
                          (local.get 34))
                        (i64.and
                          (i64.or
                            (local.get 33)
                            (local.get 34))
                          (i64.xor
                            (local.get 35)
                            (i64.const -1)))))
                    (i64.const 63))
                  (i64.const -4611686018427387904))
                (local.get 55)))
            (local.set 19)
            (local.set 18)
            (br 1 (;@2;))))
        (local.set 24
          (i64.add
            (local.get 24)
            (i64.const -4398044413951)))
        (if  ;; label = @3
          (i64.lt_s
            (local.get 24)
            (i64.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.const 4398044413951)))
            (i64.extend32_s
              (local.get 49))
            (i64.extend32_s
              (local.get 49))
            (local.set 20
              (i64.xor
                (i64.and
                  (i64.shr_s
                    (i64.xor
                      (local.tee 57
                        (i64.or
                          (i64.shl
                            (local.tee 58
                              (i64.or
                                (i64.and
                                  (local.get 50)
                                  (i64.const 1))
                                (i64.and
                                  (i64.or
                                    (local.get 50)
                                    (i64.const 1))
                                  (local.get 49))))
                            (i64.const 32))
                          (i64.and
                            (local.get 58)
                            (i64.const 8))))
                      (i64.or
                        (i64.and
                          (local.get 33)
                          (local.get 34))
                        (i64.and
                          (i64.or
                            (local.get 33)
                            (local.get 34))
                          (i64.xor
                            (local.get 35)
                            (i64.const -1)))))
                    (i64.const 63))
                  (i64.const -4611686018427387904))
                (local.get 57)))
            (local.set 19)
            (local.set 18)
            (local.set 27
              (i64.add
                (local.get 22)
                (i64.const 9)))
            (local.set 28
              (i32.const 15))
            (br 2 (;@1;))))
        (i64.extend32_s
          (local.get 49))
        (i64.extend32_s
          (local.get 49))
        (local.set 20
          (i64.xor
            (i64.and
              (i64.shr_s
                (i64.xor
                  (local.tee 57
                    (i64.or
                      (i64.shl
                        (local.tee 58
                          (i64.or
                            (i64.and
                              (local.get 50)
                              (i64.const 1))
                            (i64.and
                              (i64.or
                                (local.get 50)
                                (i64.const 1))
                              (local.get 49))))
                        (i64.const 32))
                      (i64.and
                        (local.get 58)
                        (i64.const 8))))
                  (i64.or
                    (i64.and
                      (local.get 33)
                      (local.get 34))
                    (i64.and
                      (i64.or
                        (local.get 33)
                        (local.get 34))
                      (i64.xor
                        (local.get 35)
                        (i64.const -1)))))
                (i64.const 63))
              (i64.const -4611686018427387904))
            (local.get 57)))
        (local.set 19)
        (local.set 18)
        (local.set 29
          (local.get 6))
        (local.set 31
          (local.get 29))
        (if  ;; label = @3
          (i64.ne
            (i64.load
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
            (if  ;; label = @4
              (call 0
                (local.get 0)
                (i32.const 288))
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 4398044413951)))
                (local.set 27
                  (i64.add
                    (local.get 22)
                    (i64.const 9)))
                (local.set 28
                  (i32.const 15))
                (br 3 (;@1;))))))
        (local.set 33
          (i64.load
            (local.tee 30
              (i32.add
                (i32.wrap_i64
                  (local.get 31))
                (i32.load offset=8
                  (local.get 32))))))
        (if  ;; label = @3
          (i32.eqz
            (i64.eq
              (i64.shr_s
                (i64.shl
                  (local.get 33)
                  (i64.const 16))
                (i64.const 16))
              (local.get 33)))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.const 4398044413951)))
            (local.set 27
              (i64.add
                (local.get 22)
                (i64.const 9)))
            (local.set 28
              (i32.const 15))
            (br 2 (;@1;))))
        (local.set 34
          (local.get 6))
        (local.set 6
          (i64.add
            (local.get 34)
            (i64.const 8)))
        (local.set 23
          (local.get 33))
        (call 1
          (local.get 0)
          (local.get 30))
        (call 3
          (local.get 0))
        (call 2
          (local.get 0)
          (i32.const 5)
          (i32.wrap_i64
            (i64.add
              (local.get 22)
              (i64.const 10)))
          (i32.const 1)
          (i32.wrap_i64
            (local.get 23)))
        (if  ;; label = @3
          (i64.ne
            (local.tee 35
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.shl
                  (local.get 35)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))))
        (local.set 27
          (local.get 23))
        (local.set 28
          (i32.const 1))
        (br 1 (;@1;))))
    (i64.store offset=32
      (local.get 0)
      (local.get 6))
    (i64.store offset=8
      (local.get 0)
      (local.get 3))
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
        (i64.shr_s
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
  (export "1" (func 4)))
