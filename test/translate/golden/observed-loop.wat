(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32)))
  (type (;2;) (func (param i32 i32 i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "use" (func (;1;) (type 1)))
  (import "env" "conditional" (func (;2;) (type 2)))
  (import "env" "indirect" (func (;3;) (type 2)))
  (import "env" "call" (func (;4;) (type 1)))
  (import "env" "return" (func (;5;) (type 1)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;6;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64 i32 i64 i32 i32 i64 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i64)
    (i32.store offset=68
      (i32.const 0)
      (i32.load offset=64
        (i32.const 0)))
    (local.set 10
      (i64.load offset=56
        (local.get 0)))
    (local.set 3
      (i64.load
        (local.get 0)))
    (local.set 9
      (i64.load offset=48
        (local.get 0)))
    (local.set 7
      (i64.load offset=32
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
    (i32.store offset=184
      (local.get 0)
      (i32.const 0))
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
                (i64.const -17592177655807)))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 25)
                (i64.const 0))
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 17592177655807)))
                (local.set 28
                  (local.get 23))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))
            (br 1 (;@2;))))
        (unreachable))
      (loop  ;; label = @2
        (local.set 30
          (local.get 10))
        (local.set 32
          (local.get 30))
        (if  ;; label = @3
          (i64.ne
            (i64.load offset=8192
              (local.tee 33
                (i32.add
                  (local.get 22)
                  (i32.and
                    (i32.shr_u
                      (i32.wrap_i64
                        (local.get 32))
                      (i32.const 8))
                    (i32.const 8176)))))
            (i64.and
              (i64.add
                (local.get 32)
                (i64.const 7))
              (i64.const -4096)))
          (then
            (i64.store offset=216
              (local.get 0)
              (local.get 32))
            (if  ;; label = @4
              (local.tee 34
                (call 0
                  (local.get 0)
                  (i32.const 289)))
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 17592177655807)))
                (local.set 28
                  (local.get 23))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))))
        (local.set 35
          (i64.load
            (local.tee 31
              (i32.add
                (i32.wrap_i64
                  (local.get 32))
                (i32.load offset=8200
                  (local.get 33))))))
        (local.set 36
          (local.get 3))
        (local.set 37
          (i64.add
            (i64.add
              (local.get 35)
              (local.get 36))
            (i64.const 0)))
        (i64.store
          (local.get 31)
          (local.get 37))
        (call 1
          (local.get 0)
          (local.get 31))
        (if  ;; label = @3
          (i64.ne
            (local.tee 38
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.shl
                  (local.get 38)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 25)
                (i64.const 0))
              (then
                (local.get 37)
                (local.get 37)
                (local.set 21
                  (i64.or
                    (i64.and
                      (local.get 35)
                      (local.get 36))
                    (i64.and
                      (i64.or
                        (local.get 35)
                        (local.get 36))
                      (i64.xor
                        (local.get 37)
                        (i64.const -1)))))
                (local.set 20)
                (local.set 19)
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 13194133241855)))
                (local.set 28
                  (i64.add
                    (local.get 23)
                    (i64.const 3)))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))))
        (local.set 39
          (local.get 9))
        (local.set 41
          (local.get 39))
        (if  ;; label = @3
          (i64.ne
            (i64.load
              (local.tee 42
                (i32.add
                  (local.get 22)
                  (i32.and
                    (i32.shr_u
                      (i32.wrap_i64
                        (local.get 41))
                      (i32.const 8))
                    (i32.const 8176)))))
            (i64.and
              (i64.add
                (local.get 41)
                (i64.const 7))
              (i64.const -4096)))
          (then
            (i64.store offset=216
              (local.get 0)
              (local.get 41))
            (if  ;; label = @4
              (local.tee 43
                (call 0
                  (local.get 0)
                  (i32.const 288)))
              (then
                (local.get 37)
                (local.get 37)
                (local.set 21
                  (i64.or
                    (i64.and
                      (local.get 35)
                      (local.get 36))
                    (i64.and
                      (i64.or
                        (local.get 35)
                        (local.get 36))
                      (i64.xor
                        (local.get 37)
                        (i64.const -1)))))
                (local.set 20)
                (local.set 19)
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 13194133241855)))
                (local.set 28
                  (i64.add
                    (local.get 23)
                    (i64.const 3)))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))))
        (local.set 44
          (i64.load
            (local.tee 40
              (i32.add
                (i32.wrap_i64
                  (local.get 41))
                (i32.load offset=8
                  (local.get 42))))))
        (local.set 45
          (local.get 7))
        (local.set 46
          (i64.sub
            (local.get 45)
            (i64.const 8)))
        (local.set 48
          (local.get 46))
        (if  ;; label = @3
          (i64.ne
            (i64.load offset=8192
              (local.tee 49
                (i32.add
                  (local.get 22)
                  (i32.and
                    (i32.shr_u
                      (i32.wrap_i64
                        (local.get 48))
                      (i32.const 8))
                    (i32.const 8176)))))
            (i64.and
              (i64.add
                (local.get 48)
                (i64.const 7))
              (i64.const -4096)))
          (then
            (i64.store offset=216
              (local.get 0)
              (local.get 48))
            (if  ;; label = @4
              (local.tee 50
                (call 0
                  (local.get 0)
                  (i32.const 289)))
              (then
                (local.get 37)
                (local.get 37)
                (local.set 21
                  (i64.or
                    (i64.and
                      (local.get 35)
                      (local.get 36))
                    (i64.and
                      (i64.or
                        (local.get 35)
                        (local.get 36))
                      (i64.xor
                        (local.get 37)
                        (i64.const -1)))))
                (local.set 20)
                (local.set 19)
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 13194133241855)))
                (local.set 28
                  (i64.add
                    (local.get 23)
                    (i64.const 3)))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))))
        (i64.store
          (local.tee 47
            (i32.add
              (i32.wrap_i64
                (local.get 48))
              (i32.load offset=8200
                (local.get 49))))
          (local.get 44))
        (local.set 7
          (local.get 46))
        (call 1
          (local.get 0)
          (local.get 40))
        (call 1
          (local.get 0)
          (local.get 47))
        (if  ;; label = @3
          (i64.ne
            (local.tee 51
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.shl
                  (local.get 51)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 25)
                (i64.const 0))
              (then
                (local.get 37)
                (local.get 37)
                (local.set 21
                  (i64.or
                    (i64.and
                      (local.get 35)
                      (local.get 36))
                    (i64.and
                      (i64.or
                        (local.get 35)
                        (local.get 36))
                      (i64.xor
                        (local.get 37)
                        (i64.const -1)))))
                (local.set 20)
                (local.set 19)
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 8796088827903)))
                (local.set 28
                  (i64.add
                    (local.get 23)
                    (i64.const 5)))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))))
        (local.set 52
          (i64.and
            (local.get 4)
            (i64.const 4294967295)))
        (local.set 53
          (i64.sub
            (i64.sub
              (local.get 52)
              (i64.const 1))
            (i64.const 0)))
        (local.set 54
          (i64.xor
            (local.get 52)
            (i64.const -1)))
        (local.set 4
          (i64.and
            (local.get 53)
            (i64.const 4294967295)))
        (local.set 55
          (i32.eqz
            (i64.eqz
              (i64.extend32_s
                (local.get 53)))))
        (local.set 56
          (local.get 23))
        (local.set 57
          (local.get 55))
        (call 2
          (local.get 0)
          (i32.wrap_i64
            (i64.add
              (local.get 23)
              (i64.const 9)))
          (local.get 57))
        (if  ;; label = @3
          (i64.ne
            (local.tee 58
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.shl
                  (local.get 58)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))))
        (if  ;; label = @3
          (local.get 57)
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.const -17592177655807)))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 25)
                (i64.const 0))
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 17592177655807)))
                (i64.extend32_s
                  (local.get 53))
                (i64.extend32_s
                  (local.get 53))
                (local.set 21
                  (i64.xor
                    (i64.and
                      (i64.shr_s
                        (i64.xor
                          (local.tee 59
                            (i64.or
                              (i64.shl
                                (local.tee 60
                                  (i64.or
                                    (i64.and
                                      (local.get 54)
                                      (i64.const 1))
                                    (i64.and
                                      (i64.or
                                        (local.get 54)
                                        (i64.const 1))
                                      (local.get 53))))
                                (i64.const 32))
                              (i64.and
                                (local.get 60)
                                (i64.const 8))))
                          (i64.or
                            (i64.and
                              (local.get 35)
                              (local.get 36))
                            (i64.and
                              (i64.or
                                (local.get 35)
                                (local.get 36))
                              (i64.xor
                                (local.get 37)
                                (i64.const -1)))))
                        (i64.const 63))
                      (i64.const -4611686018427387904))
                    (local.get 59)))
                (local.set 20)
                (local.set 19)
                (local.set 28
                  (local.get 23))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))
            (i64.extend32_s
              (local.get 53))
            (i64.extend32_s
              (local.get 53))
            (local.set 21
              (i64.xor
                (i64.and
                  (i64.shr_s
                    (i64.xor
                      (local.tee 59
                        (i64.or
                          (i64.shl
                            (local.tee 60
                              (i64.or
                                (i64.and
                                  (local.get 54)
                                  (i64.const 1))
                                (i64.and
                                  (i64.or
                                    (local.get 54)
                                    (i64.const 1))
                                  (local.get 53))))
                            (i64.const 32))
                          (i64.and
                            (local.get 60)
                            (i64.const 8))))
                      (i64.or
                        (i64.and
                          (local.get 35)
                          (local.get 36))
                        (i64.and
                          (i64.or
                            (local.get 35)
                            (local.get 36))
                          (i64.xor
                            (local.get 37)
                            (i64.const -1)))))
                    (i64.const 63))
                  (i64.const -4611686018427387904))
                (local.get 59)))
            (local.set 20)
            (local.set 19)
            (br 1 (;@2;))))
        (local.set 25
          (i64.add
            (local.get 25)
            (i64.const -4398044413951)))
        (if  ;; label = @3
          (i64.lt_s
            (local.get 25)
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.const 4398044413951)))
            (i64.extend32_s
              (local.get 53))
            (i64.extend32_s
              (local.get 53))
            (local.set 21
              (i64.xor
                (i64.and
                  (i64.shr_s
                    (i64.xor
                      (local.tee 61
                        (i64.or
                          (i64.shl
                            (local.tee 62
                              (i64.or
                                (i64.and
                                  (local.get 54)
                                  (i64.const 1))
                                (i64.and
                                  (i64.or
                                    (local.get 54)
                                    (i64.const 1))
                                  (local.get 53))))
                            (i64.const 32))
                          (i64.and
                            (local.get 62)
                            (i64.const 8))))
                      (i64.or
                        (i64.and
                          (local.get 35)
                          (local.get 36))
                        (i64.and
                          (i64.or
                            (local.get 35)
                            (local.get 36))
                          (i64.xor
                            (local.get 37)
                            (i64.const -1)))))
                    (i64.const 63))
                  (i64.const -4611686018427387904))
                (local.get 61)))
            (local.set 20)
            (local.set 19)
            (local.set 28
              (i64.add
                (local.get 23)
                (i64.const 9)))
            (local.set 29
              (i32.const 12))
            (br 2 (;@1;))))
        (i64.extend32_s
          (local.get 53))
        (i64.extend32_s
          (local.get 53))
        (local.set 21
          (i64.xor
            (i64.and
              (i64.shr_s
                (i64.xor
                  (local.tee 61
                    (i64.or
                      (i64.shl
                        (local.tee 62
                          (i64.or
                            (i64.and
                              (local.get 54)
                              (i64.const 1))
                            (i64.and
                              (i64.or
                                (local.get 54)
                                (i64.const 1))
                              (local.get 53))))
                        (i64.const 32))
                      (i64.and
                        (local.get 62)
                        (i64.const 8))))
                  (i64.or
                    (i64.and
                      (local.get 35)
                      (local.get 36))
                    (i64.and
                      (i64.or
                        (local.get 35)
                        (local.get 36))
                      (i64.xor
                        (local.get 37)
                        (i64.const -1)))))
                (i64.const 63))
              (i64.const -4611686018427387904))
            (local.get 61)))
        (local.set 20)
        (local.set 19)
        (local.set 30
          (local.get 7))
        (local.set 32
          (local.get 30))
        (if  ;; label = @3
          (i64.ne
            (i64.load
              (local.tee 33
                (i32.add
                  (local.get 22)
                  (i32.and
                    (i32.shr_u
                      (i32.wrap_i64
                        (local.get 32))
                      (i32.const 8))
                    (i32.const 8176)))))
            (i64.and
              (i64.add
                (local.get 32)
                (i64.const 7))
              (i64.const -4096)))
          (then
            (i64.store offset=216
              (local.get 0)
              (local.get 32))
            (if  ;; label = @4
              (local.tee 34
                (call 0
                  (local.get 0)
                  (i32.const 288)))
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 4398044413951)))
                (local.set 28
                  (i64.add
                    (local.get 23)
                    (i64.const 9)))
                (local.set 29
                  (i32.const 12))
                (br 3 (;@1;))))))
        (local.set 35
          (i64.load
            (local.tee 31
              (i32.add
                (i32.wrap_i64
                  (local.get 32))
                (i32.load offset=8
                  (local.get 33))))))
        (if  ;; label = @3
          (i32.eqz
            (i64.eq
              (i64.shr_s
                (i64.shl
                  (local.get 35)
                  (i64.const 16))
                (i64.const 16))
              (local.get 35)))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.const 4398044413951)))
            (local.set 28
              (i64.add
                (local.get 23)
                (i64.const 9)))
            (local.set 29
              (i32.const 12))
            (br 2 (;@1;))))
        (local.set 36
          (local.get 7))
        (local.set 7
          (i64.add
            (local.get 36)
            (i64.const 8)))
        (local.set 24
          (local.get 35))
        (call 1
          (local.get 0)
          (local.get 31))
        (call 5
          (local.get 0)
          (i32.wrap_i64
            (local.get 24)))
        (if  ;; label = @3
          (i64.ne
            (local.tee 37
              (i64.load32_s offset=184
                (local.get 0)))
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.shl
                  (local.get 37)
                  (i64.const 42))))
            (i32.store offset=184
              (local.get 0)
              (i32.const 0))))
        (local.set 28
          (local.get 24))
        (local.set 29
          (i32.const 13))
        (br 1 (;@1;))))
    (i64.store offset=32
      (local.get 0)
      (local.get 7))
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
        (i64.shr_s
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
  (export "1" (func 6)))
