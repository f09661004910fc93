(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;1;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i32 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64)
    (i32.store offset=68
      (i32.const 0)
      (i32.load offset=64
        (i32.const 0)))
    (local.set 8
      (i64.load offset=48
        (local.get 0)))
    (local.set 3
      (i64.load offset=8
        (local.get 0)))
    (local.set 2
      (i64.load
        (local.get 0)))
    (local.set 5
      (i64.load offset=24
        (local.get 0)))
    (local.set 4
      (i64.load offset=16
        (local.get 0)))
    (local.set 9
      (i64.load offset=56
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
      (block  ;; label = @2
        (local.set 29
          (i64.add
            (local.get 22)
            (i64.const 32)))
        (local.set 8
          (local.get 29))
        (local.set 24
          (i64.add
            (local.get 24)
            (i64.const -13194133241855)))
        (if  ;; label = @3
          (i64.lt_s
            (local.get 24)
            (i64.const 0))
          (then
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.const 13194133241855)))
            (local.set 27
              (i64.add
                (local.get 22)
                (i64.const 7)))
            (local.set 28
              (i32.const 15))
            (br 2 (;@1;))))
        (br 0 (;@2;)))
      (loop  ;; label = @2
        (block  ;; label = @3
          (block  ;; label = @4
            (block  ;; label = @5
              (block  ;; label = @6
                (block  ;; label = @7
                  (local.set 29
                    (i64.and
                      (local.get 3)
                      (i64.const 4294967295)))
                  (local.set 2
                    (i64.and
                      (local.get 29)
                      (i64.const 4294967295)))
                  (local.set 30
                    (i64.and
                      (local.get 2)
                      (i64.const 4294967295)))
                  (local.set 31
                    (i64.and
                      (local.get 30)
                      (i64.const 1)))
                  (local.set 2
                    (i64.and
                      (local.get 31)
                      (i64.const 4294967295)))
                  (local.set 32
                    (i64.add
                      (local.get 8)
                      (i64.shl
                        (local.get 2)
                        (i64.const 3))))
                  (local.set 34
                    (local.get 32))
                  (if  ;; label = @8
                    (i64.ne
                      (i64.load
                        (local.tee 35
                          (i32.add
                            (local.get 21)
                            (i32.and
                              (i32.shr_u
                                (i32.wrap_i64
                                  (local.get 34))
                                (i32.const 8))
                              (i32.const 8176)))))
                      (i64.and
                        (i64.add
                          (local.get 34)
                          (i64.const 7))
                        (i64.const -4096)))
                    (then
                      (i64.store offset=216
                        (local.get 0)
                        (local.get 34))
                      (if  ;; label = @9
                        (call 0
                          (local.get 0)
                          (i32.const 288))
                        (then
                          (i64.extend32_s
                            (local.get 31))
                          (i64.extend32_s
                            (local.get 31))
                          (local.set 20
                            (i64.const 0))
                          (local.set 19)
                          (local.set 18)
                          (local.set 24
                            (i64.add
                              (local.get 24)
                              (i64.const 4398044413951)))
                          (local.set 27
                            (i64.add
                              (local.get 22)
                              (i64.const 12)))
                          (local.set 28
                            (i32.const 15))
                          (br 8 (;@1;))))))
                  (local.set 36
                    (i64.load
                      (local.tee 33
                        (i32.add
                          (i32.wrap_i64
                            (local.get 34))
                          (i32.load offset=8
                            (local.get 35))))))
                  (if  ;; label = @8
                    (i32.eqz
                      (i64.eq
                        (i64.shr_s
                          (i64.shl
                            (local.get 36)
                            (i64.const 16))
                          (i64.const 16))
                        (local.get 36)))
                    (then
                      (i64.extend32_s
                        (local.get 31))
                      (i64.extend32_s
                        (local.get 31))
                      (local.set 20
                        (i64.const 0))
                      (local.set 19)
                      (local.set 18)
                      (local.set 24
                        (i64.add
                          (local.get 24)
                          (i64.const 4398044413951)))
                      (local.set 27
                        (i64.add
                          (local.get 22)
                          (i64.const 12)))
                      (local.set 28
                        (i32.const 15))
                      (br 7 (;@1;))))
                  (local.set 23
                    (local.get 36))
                  (if  ;; label = @8
                    (i64.lt_u
                      (i64.sub
                        (local.get 23)
                        (local.get 22))
                      (i64.const 4096))
                    (then
                      (local.set 1
                        (i32.wrap_i64
                          (i64.sub
                            (local.get 23)
                            (local.get 22))))
                      (if  ;; label = @9
                        (i32.lt_s
                          (local.get 1)
                          (i32.const 25))
                        (then
                          (if  ;; label = @10
                            (i32.lt_s
                              (local.get 1)
                              (i32.const 15))
                            (then
                              (if  ;; label = @11
                                (i32.eq
                                  (local.get 1)
                                  (i32.const 7))
                                (then
                                  (local.set 24
                                    (i64.add
                                      (local.get 24)
                                      (i64.const -13194133241855)))
                                  (if  ;; label = @12
                                    (i64.lt_s
                                      (local.get 24)
                                      (i64.const 0))
                                    (then
                                      (local.set 24
                                        (i64.add
                                          (local.get 24)
                                          (i64.const 13194133241855)))
                                      (i64.extend32_s
                                        (local.get 31))
                                      (i64.extend32_s
                                        (local.get 31))
                                      (local.set 20
                                        (i64.const 0))
                                      (local.set 19)
                                      (local.set 18)
                                      (local.set 27
                                        (i64.add
                                          (local.get 22)
                                          (i64.const 7)))
                                      (local.set 28
                                        (i32.const 15))
                                      (br 11 (;@1;))))
                                  (br 9 (;@2;)))))
                            (else
                              (if  ;; label = @11
                                (i32.lt_s
                                  (local.get 1)
                                  (i32.const 21))
                                (then
                                  (if  ;; label = @12
                                    (i32.eq
                                      (local.get 1)
                                      (i32.const 15))
                                    (then
                                      (local.set 24
                                        (i64.add
                                          (local.get 24)
                                          (i64.const -8796088827903)))
                                      (if  ;; label = @13
                                        (i64.lt_s
                                          (local.get 24)
                                          (i64.const 0))
                                        (then
                                          (local.set 24
                                            (i64.add
                                              (local.get 24)
                                              (i64.const 8796088827903)))
                                          (i64.extend32_s
                                            (local.get 31))
                                          (i64.extend32_s
                                            (local.get 31))
                                          (local.set 20
                                            (i64.const 0))
                                          (local.set 19)
                                          (local.set 18)
                                          (local.set 27
                                            (i64.add
                                              (local.get 22)
                                              (i64.const 15)))
                                          (local.set 28
                                            (i32.const 15))
                                          (br 12 (;@1;))))
                                      (br 5 (;@7;)))))
                                (else
                                  (if  ;; label = @12
                                    (i32.eq
                                      (local.get 1)
                                      (i32.const 21))
                                    (then
                                      (local.set 24
                                        (i64.add
                                          (local.get 24)
                                          (i64.const -4398044413952)))
                                      (if  ;; label = @13
                                        (i64.lt_s
                                          (local.get 24)
                                          (i64.const 0))
                                        (then
                                          (local.set 24
                                            (i64.add
                                              (local.get 24)
                                              (i64.const 4398044413952)))
                                          (i64.extend32_s
                                            (local.get 31))
                                          (i64.extend32_s
                                            (local.get 31))
                                          (local.set 20
                                            (i64.const 0))
                                          (local.set 19)
                                          (local.set 18)
                                          (local.set 27
                                            (i64.add
                                              (local.get 22)
                                              (i64.const 21)))
                                          (local.set 28
                                            (i32.const 15))
                                          (br 12 (;@1;))))
                                      (br 6 (;@6;)))))))))
                        (else
                          (if  ;; label = @10
                            (i32.lt_s
                              (local.get 1)
                              (i32.const 32))
                            (then
                              (if  ;; label = @11
                                (i32.eq
                                  (local.get 1)
                                  (i32.const 25))
                                (then
                                  (local.set 24
                                    (i64.add
                                      (local.get 24)
                                      (i64.const -8796088827903)))
                                  (if  ;; label = @12
                                    (i64.lt_s
                                      (local.get 24)
                                      (i64.const 0))
                                    (then
                                      (local.set 24
                                        (i64.add
                                          (local.get 24)
                                          (i64.const 8796088827903)))
                                      (i64.extend32_s
                                        (local.get 31))
                                      (i64.extend32_s
                                        (local.get 31))
                                      (local.set 20
                                        (i64.const 0))
                                      (local.set 19)
                                      (local.set 18)
                                      (local.set 27
                                        (i64.add
                                          (local.get 22)
                                          (i64.const 25)))
                                      (local.set 28
                                        (i32.const 15))
                                      (br 11 (;@1;))))
                                  (local.set 20
                                    (i64.const 0))
                                  (br 6 (;@5;)))))
                            (else
                              (if  ;; label = @11
                                (i32.lt_s
                                  (local.get 1)
                                  (i32.const 48))
                                (then
                                  (if  ;; label = @12
                                    (i32.eq
                                      (local.get 1)
                                      (i32.const 32))
                                    (then
                                      (local.set 24
                                        (i64.add
                                          (local.get 24)
                                          (i64.const -109951110348800)))
                                      (if  ;; label = @13
                                        (i64.lt_s
                                          (local.get 24)
                                          (i64.const 0))
                                        (then
                                          (local.set 24
                                            (i64.add
                                              (local.get 24)
                                              (i64.const 109951110348800)))
                                          (i64.extend32_s
                                            (local.get 31))
                                          (i64.extend32_s
                                            (local.get 31))
                                          (local.set 20
                                            (i64.const 0))
                                          (local.set 19)
                                          (local.set 18)
                                          (local.set 27
                                            (i64.add
                                              (local.get 22)
                                              (i64.const 32)))
                                          (local.set 28
                                            (i32.const 15))
                                          (br 12 (;@1;))))
                                      (local.set 20
                                        (i64.const 0))
                                      (br 8 (;@4;)))))
                                (else
                                  (if  ;; label = @12
                                    (i32.eq
                                      (local.get 1)
                                      (i32.const 48))
                                    (then
                                      (i64.extend32_s
                                        (local.get 31))
                                      (i64.extend32_s
                                        (local.get 31))
                                      (local.set 20
                                        (i64.const 0))
                                      (local.set 19)
                                      (local.set 18)
                                      (br 9 (;@3;))))))))))))
                  (i64.extend32_s
                    (local.get 31))
                  (i64.extend32_s
                    (local.get 31))
                  (local.set 20
                    (i64.const 0))
                  (local.set 19)
                  (local.set 18)
                  (local.set 27
                    (local.get 23))
                  (local.set 28
                    (i32.const 1))
                  (br 6 (;@1;)))
                (local.set 29
                  (local.get 5))
                (local.set 30
                  (i64.add
                    (i64.add
                      (local.get 29)
                      (i64.const 1))
                    (i64.const 0)))
                (local.set 5
                  (local.get 30))
                (local.set 31
                  (i64.add
                    (local.get 22)
                    (i64.const 25)))
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const -8796088827903)))
                (if  ;; label = @7
                  (i64.lt_s
                    (local.get 24)
                    (i64.const 0))
                  (then
                    (local.set 24
                      (i64.add
                        (local.get 24)
                        (i64.const 8796088827903)))
                    (local.get 30)
                    (local.get 30)
                    (local.set 20
                      (i64.or
                        (i64.and
                          (local.get 29)
                          (i64.const 1))
                        (i64.and
                          (i64.or
                            (local.get 29)
                            (i64.const 1))
                          (i64.xor
                            (local.get 30)
                            (i64.const -1)))))
                    (local.set 19)
                    (local.set 18)
                    (local.set 27
                      (i64.add
                        (local.get 22)
                        (i64.const 25)))
                    (local.set 28
                      (i32.const 15))
                    (br 6 (;@1;))))
                (local.set 20
                  (i64.or
                    (i64.and
                      (local.get 29)
                      (i64.const 1))
                    (i64.and
                      (i64.or
                        (local.get 29)
                        (i64.const 1))
                      (i64.xor
                        (local.get 30)
                        (i64.const -1)))))
                (br 1 (;@5;)))
              (local.set 29
                (local.get 4))
              (local.set 30
                (i64.add
                  (i64.add
                    (local.get 29)
                    (i64.const 1))
                  (i64.const 0)))
              (local.set 4
                (local.get 30))
              (local.set 24
                (i64.add
                  (local.get 24)
                  (i64.const -8796088827903)))
              (if  ;; label = @6
                (i64.lt_s
                  (local.get 24)
                  (i64.const 0))
                (then
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 8796088827903)))
                  (local.get 30)
                  (local.get 30)
                  (local.set 20
                    (i64.or
                      (i64.and
                        (local.get 29)
                        (i64.const 1))
                      (i64.and
                        (i64.or
                          (local.get 29)
                          (i64.const 1))
                        (i64.xor
                          (local.get 30)
                          (i64.const -1)))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 25)))
                  (local.set 28
                    (i32.const 15))
                  (br 5 (;@1;))))
              (local.set 20
                (i64.or
                  (i64.and
                    (local.get 29)
                    (i64.const 1))
                  (i64.and
                    (i64.or
                      (local.get 29)
                      (i64.const 1))
                    (i64.xor
                      (local.get 30)
                      (i64.const -1)))))
              (br 0 (;@5;)))
            (local.set 29
              (i64.and
                (local.get 3)
                (i64.const 4294967295)))
            (local.set 30
              (i64.sub
                (i64.sub
                  (local.get 29)
                  (i64.const 1))
                (i64.const 0)))
            (local.set 31
              (i64.xor
                (local.get 29)
                (i64.const -1)))
            (local.set 3
              (i64.and
                (local.get 30)
                (i64.const 4294967295)))
            (local.set 33
              (i32.eqz
                (i64.eqz
                  (i64.extend32_s
                    (local.get 30)))))
            (local.set 32
              (i64.add
                (local.get 22)
                (i64.const 7)))
            (if  ;; label = @5
              (local.get 33)
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const -13194133241855)))
                (if  ;; label = @6
                  (i64.lt_s
                    (local.get 24)
                    (i64.const 0))
                  (then
                    (local.set 24
                      (i64.add
                        (local.get 24)
                        (i64.const 13194133241855)))
                    (i64.extend32_s
                      (local.get 30))
                    (i64.extend32_s
                      (local.get 30))
                    (local.set 20
                      (i64.xor
                        (i64.and
                          (i64.shr_s
                            (i64.xor
                              (local.tee 34
                                (i64.or
                                  (i64.shl
                                    (local.tee 36
                                      (i64.or
                                        (i64.and
                                          (local.get 31)
                                          (i64.const 1))
                                        (i64.and
                                          (i64.or
                                            (local.get 31)
                                            (i64.const 1))
                                          (local.get 30))))
                                    (i64.const 32))
                                  (i64.and
                                    (local.get 36)
                                    (i64.const 8))))
                              (local.get 20))
                            (i64.const 63))
                          (i64.const -4611686018427387904))
                        (local.get 34)))
                    (local.set 19)
                    (local.set 18)
                    (local.set 27
                      (i64.add
                        (local.get 22)
                        (i64.const 7)))
                    (local.set 28
                      (i32.const 15))
                    (br 5 (;@1;))))
                (br 3 (;@2;))))
            (local.set 24
              (i64.add
                (local.get 24)
                (i64.const -4398044413951)))
            (if  ;; label = @5
              (i64.lt_s
                (local.get 24)
                (i64.const 0))
              (then
                (local.set 24
                  (i64.add
                    (local.get 24)
                    (i64.const 4398044413951)))
                (i64.extend32_s
                  (local.get 30))
                (i64.extend32_s
                  (local.get 30))
                (local.set 20
                  (i64.xor
                    (i64.and
                      (i64.shr_s
                        (i64.xor
                          (local.tee 34
                            (i64.or
                              (i64.shl
                                (local.tee 36
                                  (i64.or
                                    (i64.and
                                      (local.get 31)
                                      (i64.const 1))
                                    (i64.and
                                      (i64.or
                                        (local.get 31)
                                        (i64.const 1))
                                      (local.get 30))))
                                (i64.const 32))
                              (i64.and
                                (local.get 36)
                                (i64.const 8))))
                          (local.get 20))
                        (i64.const 63))
                      (i64.const -4611686018427387904))
                    (local.get 34)))
                (local.set 19)
                (local.set 18)
                (local.set 27
                  (i64.add
                    (local.get 22)
                    (i64.const 29)))
                (local.set 28
                  (i32.const 15))
                (br 4 (;@1;))))
            (i64.extend32_s
              (local.get 30))
            (i64.extend32_s
              (local.get 30))
            (local.set 20
              (i64.xor
                (i64.and
                  (i64.shr_s
                    (i64.xor
                      (local.tee 34
                        (i64.or
                          (i64.shl
                            (local.tee 36
                              (i64.or
                                (i64.and
                                  (local.get 31)
                                  (i64.const 1))
                                (i64.and
                                  (i64.or
                                    (local.get 31)
                                    (i64.const 1))
                                  (local.get 30))))
                            (i64.const 32))
                          (i64.and
                            (local.get 36)
                            (i64.const 8))))
                      (local.get 20))
                    (i64.const 63))
                  (i64.const -4611686018427387904))
                (local.get 34)))
            (local.set 19)
            (local.set 18)
            (local.set 29
              (i64.add
                (local.get 22)
                (i64.const 48)))
            (br 1 (;@3;)))
          (local.set 29
            (i64.and
              (local.get 2)
              (i64.const 4294967295)))
          (local.set 33
            (i64.lt_s
              (local.get 20)
              (i64.const 0)))
          (local.set 30
            (i64.add
              (i64.add
                (local.get 29)
                (i64.const 0))
              (i64.extend_i32_u
                (local.get 33))))
          (local.set 2
            (i64.and
              (local.get 30)
              (i64.const 4294967295)))
          (local.set 31
            (local.get 2))
          (local.set 32
            (local.get 31))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 37
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 32))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 32)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 32))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend32_s
                    (local.get 30))
                  (i64.extend32_s
                    (local.get 30))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 34
                          (i64.or
                            (i64.and
                              (local.get 29)
                              (i64.const 0))
                            (i64.and
                              (i64.or
                                (local.get 29)
                                (i64.const 0))
                              (i64.xor
                                (local.get 30)
                                (i64.const -1)))))
                        (i64.const 32))
                      (i64.and
                        (local.get 34)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 105553065934848)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 37)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 34
            (i64.load8_u
              (local.tee 35
                (i32.add
                  (i32.wrap_i64
                    (local.get 32))
                  (i32.load offset=8200
                    (local.get 37))))))
          (local.set 36
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 38
            (i64.add
              (i64.add
                (local.get 34)
                (local.get 36))
              (i64.const 0)))
          (i64.store8
            (local.get 35)
            (local.get 38))
          (local.set 39
            (local.get 9))
          (local.set 41
            (local.get 39))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 42
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 41))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 41)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 41))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 38))
                  (i64.extend8_s
                    (local.get 38))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 43
                          (i64.or
                            (i64.and
                              (local.get 34)
                              (local.get 36))
                            (i64.and
                              (i64.or
                                (local.get 34)
                                (local.get 36))
                              (i64.xor
                                (local.get 38)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 43)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 101155021520896)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 39)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 43
            (i64.load8_u
              (local.tee 40
                (i32.add
                  (i32.wrap_i64
                    (local.get 41))
                  (i32.load offset=8200
                    (local.get 42))))))
          (local.set 44
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 45
            (i64.add
              (i64.add
                (local.get 43)
                (local.get 44))
              (i64.const 0)))
          (i64.store8
            (local.get 40)
            (local.get 45))
          (local.set 46
            (local.get 2))
          (local.set 48
            (local.get 46))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 49
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 48))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 48)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 48))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 45))
                  (i64.extend8_s
                    (local.get 45))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 50
                          (i64.or
                            (i64.and
                              (local.get 43)
                              (local.get 44))
                            (i64.and
                              (i64.or
                                (local.get 43)
                                (local.get 44))
                              (i64.xor
                                (local.get 45)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 50)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 96756977106944)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 41)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 50
            (i64.load8_u
              (local.tee 47
                (i32.add
                  (i32.wrap_i64
                    (local.get 48))
                  (i32.load offset=8200
                    (local.get 49))))))
          (local.set 51
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 52
            (i64.add
              (i64.add
                (local.get 50)
                (local.get 51))
              (i64.const 0)))
          (i64.store8
            (local.get 47)
            (local.get 52))
          (local.set 53
            (local.get 2))
          (local.set 55
            (local.get 53))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 56
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 55))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 55)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 55))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 52))
                  (i64.extend8_s
                    (local.get 52))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 57
                          (i64.or
                            (i64.and
                              (local.get 50)
                              (local.get 51))
                            (i64.and
                              (i64.or
                                (local.get 50)
                                (local.get 51))
                              (i64.xor
                                (local.get 52)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 57)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 92358932692992)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 43)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 57
            (i64.load8_u
              (local.tee 54
                (i32.add
                  (i32.wrap_i64
                    (local.get 55))
                  (i32.load offset=8200
                    (local.get 56))))))
          (local.set 58
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 59
            (i64.add
              (i64.add
                (local.get 57)
                (local.get 58))
              (i64.const 0)))
          (i64.store8
            (local.get 54)
            (local.get 59))
          (local.set 60
            (local.get 2))
          (local.set 62
            (local.get 60))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 63
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 62))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 62)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 62))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 59))
                  (i64.extend8_s
                    (local.get 59))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 64
                          (i64.or
                            (i64.and
                              (local.get 57)
                              (local.get 58))
                            (i64.and
                              (i64.or
                                (local.get 57)
                                (local.get 58))
                              (i64.xor
                                (local.get 59)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 64)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 87960888279040)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 45)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 64
            (i64.load8_u
              (local.tee 61
                (i32.add
                  (i32.wrap_i64
                    (local.get 62))
                  (i32.load offset=8200
                    (local.get 63))))))
          (local.set 65
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 66
            (i64.add
              (i64.add
                (local.get 64)
                (local.get 65))
              (i64.const 0)))
          (i64.store8
            (local.get 61)
            (local.get 66))
          (local.set 67
            (i64.and
              (i64.shr_u
                (local.get 2)
                (i64.const 8))
              (i64.const 255)))
          (local.set 68
            (i64.and
              (i64.shr_u
                (local.get 4)
                (i64.const 8))
              (i64.const 255)))
          (local.set 69
            (i64.add
              (i64.add
                (local.get 67)
                (local.get 68))
              (i64.const 0)))
          (local.set 2
            (i64.or
              (i64.and
                (local.get 2)
                (i64.const -65281))
              (i64.shl
                (i64.and
                  (local.get 69)
                  (i64.const 255))
                (i64.const 8))))
          (local.set 70
            (local.get 2))
          (local.set 72
            (local.get 70))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 73
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 72))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 72)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 72))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 69))
                  (i64.extend8_s
                    (local.get 69))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 74
                          (i64.or
                            (i64.and
                              (local.get 67)
                              (local.get 68))
                            (i64.and
                              (i64.or
                                (local.get 67)
                                (local.get 68))
                              (i64.xor
                                (local.get 69)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 74)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 79164799451136)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 49)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 74
            (i64.load8_u
              (local.tee 71
                (i32.add
                  (i32.wrap_i64
                    (local.get 72))
                  (i32.load offset=8200
                    (local.get 73))))))
          (local.set 75
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 76
            (i64.add
              (i64.add
                (local.get 74)
                (local.get 75))
              (i64.const 0)))
          (i64.store8
            (local.get 71)
            (local.get 76))
          (local.set 77
            (local.get 2))
          (local.set 79
            (local.get 77))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 80
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 79))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 79)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 79))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 76))
                  (i64.extend8_s
                    (local.get 76))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 81
                          (i64.or
                            (i64.and
                              (local.get 74)
                              (local.get 75))
                            (i64.and
                              (i64.or
                                (local.get 74)
                                (local.get 75))
                              (i64.xor
                                (local.get 76)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 81)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 74766755037184)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 51)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 81
            (i64.load8_u
              (local.tee 78
                (i32.add
                  (i32.wrap_i64
                    (local.get 79))
                  (i32.load offset=8200
                    (local.get 80))))))
          (local.set 82
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 83
            (i64.add
              (i64.add
                (local.get 81)
                (local.get 82))
              (i64.const 0)))
          (i64.store8
            (local.get 78)
            (local.get 83))
          (local.set 84
            (local.get 2))
          (local.set 86
            (local.get 84))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 87
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 86))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 86)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 86))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 83))
                  (i64.extend8_s
                    (local.get 83))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 88
                          (i64.or
                            (i64.and
                              (local.get 81)
                              (local.get 82))
                            (i64.and
                              (i64.or
                                (local.get 81)
                                (local.get 82))
                              (i64.xor
                                (local.get 83)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 88)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 70368710623232)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 53)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 88
            (i64.load8_u
              (local.tee 85
                (i32.add
                  (i32.wrap_i64
                    (local.get 86))
                  (i32.load offset=8200
                    (local.get 87))))))
          (local.set 89
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 90
            (i64.add
              (i64.add
                (local.get 88)
                (local.get 89))
              (i64.const 0)))
          (i64.store8
            (local.get 85)
            (local.get 90))
          (local.set 91
            (local.get 2))
          (local.set 93
            (local.get 91))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 94
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 93))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 93)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 93))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 90))
                  (i64.extend8_s
                    (local.get 90))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 95
                          (i64.or
                            (i64.and
                              (local.get 88)
                              (local.get 89))
                            (i64.and
                              (i64.or
                                (local.get 88)
                                (local.get 89))
                              (i64.xor
                                (local.get 90)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 95)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 65970666209280)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 55)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 95
            (i64.load8_u
              (local.tee 92
                (i32.add
                  (i32.wrap_i64
                    (local.get 93))
                  (i32.load offset=8200
                    (local.get 94))))))
          (local.set 96
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 97
            (i64.add
              (i64.add
                (local.get 95)
                (local.get 96))
              (i64.const 0)))
          (i64.store8
            (local.get 92)
            (local.get 97))
          (local.set 98
            (local.get 2))
          (local.set 100
            (local.get 98))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 101
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 100))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 100)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 100))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 97))
                  (i64.extend8_s
                    (local.get 97))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 102
                          (i64.or
                            (i64.and
                              (local.get 95)
                              (local.get 96))
                            (i64.and
                              (i64.or
                                (local.get 95)
                                (local.get 96))
                              (i64.xor
                                (local.get 97)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 102)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 61572621795328)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 57)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 102
            (i64.load8_u
              (local.tee 99
                (i32.add
                  (i32.wrap_i64
                    (local.get 100))
                  (i32.load offset=8200
                    (local.get 101))))))
          (local.set 103
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 104
            (i64.add
              (i64.add
                (local.get 102)
                (local.get 103))
              (i64.const 0)))
          (i64.store8
            (local.get 99)
            (local.get 104))
          (local.set 105
            (local.get 2))
          (local.set 107
            (local.get 105))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 108
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 107))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 107)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 107))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 104))
                  (i64.extend8_s
                    (local.get 104))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 109
                          (i64.or
                            (i64.and
                              (local.get 102)
                              (local.get 103))
                            (i64.and
                              (i64.or
                                (local.get 102)
                                (local.get 103))
                              (i64.xor
                                (local.get 104)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 109)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 57174577381376)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 59)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 109
            (i64.load8_u
              (local.tee 106
                (i32.add
                  (i32.wrap_i64
                    (local.get 107))
                  (i32.load offset=8200
                    (local.get 108))))))
          (local.set 110
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 111
            (i64.add
              (i64.add
                (local.get 109)
                (local.get 110))
              (i64.const 0)))
          (i64.store8
            (local.get 106)
            (local.get 111))
          (local.set 112
            (local.get 2))
          (local.set 114
            (local.get 112))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 115
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 114))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 114)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 114))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 111))
                  (i64.extend8_s
                    (local.get 111))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 116
                          (i64.or
                            (i64.and
                              (local.get 109)
                              (local.get 110))
                            (i64.and
                              (i64.or
                                (local.get 109)
                                (local.get 110))
                              (i64.xor
                                (local.get 111)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 116)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 52776532967424)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 61)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 116
            (i64.load8_u
              (local.tee 113
                (i32.add
                  (i32.wrap_i64
                    (local.get 114))
                  (i32.load offset=8200
                    (local.get 115))))))
          (local.set 117
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 118
            (i64.add
              (i64.add
                (local.get 116)
                (local.get 117))
              (i64.const 0)))
          (i64.store8
            (local.get 113)
            (local.get 118))
          (local.set 119
            (local.get 2))
          (local.set 121
            (local.get 119))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 122
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 121))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 121)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 121))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 118))
                  (i64.extend8_s
                    (local.get 118))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 123
                          (i64.or
                            (i64.and
                              (local.get 116)
                              (local.get 117))
                            (i64.and
                              (i64.or
                                (local.get 116)
                                (local.get 117))
                              (i64.xor
                                (local.get 118)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 123)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 48378488553472)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 63)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 123
            (i64.load8_u
              (local.tee 120
                (i32.add
                  (i32.wrap_i64
                    (local.get 121))
                  (i32.load offset=8200
                    (local.get 122))))))
          (local.set 124
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 125
            (i64.add
              (i64.add
                (local.get 123)
                (local.get 124))
              (i64.const 0)))
          (i64.store8
            (local.get 120)
            (local.get 125))
          (local.set 126
            (local.get 2))
          (local.set 128
            (local.get 126))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 129
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 128))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 128)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 128))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 125))
                  (i64.extend8_s
                    (local.get 125))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 130
                          (i64.or
                            (i64.and
                              (local.get 123)
                              (local.get 124))
                            (i64.and
                              (i64.or
                                (local.get 123)
                                (local.get 124))
                              (i64.xor
                                (local.get 125)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 130)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 43980444139520)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 65)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 130
            (i64.load8_u
              (local.tee 127
                (i32.add
                  (i32.wrap_i64
                    (local.get 128))
                  (i32.load offset=8200
                    (local.get 129))))))
          (local.set 131
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 132
            (i64.add
              (i64.add
                (local.get 130)
                (local.get 131))
              (i64.const 0)))
          (i64.store8
            (local.get 127)
            (local.get 132))
          (local.set 133
            (local.get 2))
          (local.set 135
            (local.get 133))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 136
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 135))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 135)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 135))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 132))
                  (i64.extend8_s
                    (local.get 132))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 137
                          (i64.or
                            (i64.and
                              (local.get 130)
                              (local.get 131))
                            (i64.and
                              (i64.or
                                (local.get 130)
                                (local.get 131))
                              (i64.xor
                                (local.get 132)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 137)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 39582399725568)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 67)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 137
            (i64.load8_u
              (local.tee 134
                (i32.add
                  (i32.wrap_i64
                    (local.get 135))
                  (i32.load offset=8200
                    (local.get 136))))))
          (local.set 138
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 139
            (i64.add
              (i64.add
                (local.get 137)
                (local.get 138))
              (i64.const 0)))
          (i64.store8
            (local.get 134)
            (local.get 139))
          (local.set 140
            (local.get 2))
          (local.set 142
            (local.get 140))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 143
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 142))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 142)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 142))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 139))
                  (i64.extend8_s
                    (local.get 139))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 144
                          (i64.or
                            (i64.and
                              (local.get 137)
                              (local.get 138))
                            (i64.and
                              (i64.or
                                (local.get 137)
                                (local.get 138))
                              (i64.xor
                                (local.get 139)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 144)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 35184355311616)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 69)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 144
            (i64.load8_u
              (local.tee 141
                (i32.add
                  (i32.wrap_i64
                    (local.get 142))
                  (i32.load offset=8200
                    (local.get 143))))))
          (local.set 145
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 146
            (i64.add
              (i64.add
                (local.get 144)
                (local.get 145))
              (i64.const 0)))
          (i64.store8
            (local.get 141)
            (local.get 146))
          (local.set 147
            (local.get 2))
          (local.set 149
            (local.get 147))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 150
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 149))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 149)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 149))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 146))
                  (i64.extend8_s
                    (local.get 146))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 151
                          (i64.or
                            (i64.and
                              (local.get 144)
                              (local.get 145))
                            (i64.and
                              (i64.or
                                (local.get 144)
                                (local.get 145))
                              (i64.xor
                                (local.get 146)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 151)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 30786310897664)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 71)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 151
            (i64.load8_u
              (local.tee 148
                (i32.add
                  (i32.wrap_i64
                    (local.get 149))
                  (i32.load offset=8200
                    (local.get 150))))))
          (local.set 152
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 153
            (i64.add
              (i64.add
                (local.get 151)
                (local.get 152))
              (i64.const 0)))
          (i64.store8
            (local.get 148)
            (local.get 153))
          (local.set 154
            (local.get 2))
          (local.set 156
            (local.get 154))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 157
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 156))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 156)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 156))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 153))
                  (i64.extend8_s
                    (local.get 153))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 158
                          (i64.or
                            (i64.and
                              (local.get 151)
                              (local.get 152))
                            (i64.and
                              (i64.or
                                (local.get 151)
                                (local.get 152))
                              (i64.xor
                                (local.get 153)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 158)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 26388266483712)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 73)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 158
            (i64.load8_u
              (local.tee 155
                (i32.add
                  (i32.wrap_i64
                    (local.get 156))
                  (i32.load offset=8200
                    (local.get 157))))))
          (local.set 159
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 160
            (i64.add
              (i64.add
                (local.get 158)
                (local.get 159))
              (i64.const 0)))
          (i64.store8
            (local.get 155)
            (local.get 160))
          (local.set 161
            (local.get 2))
          (local.set 163
            (local.get 161))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 164
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 163))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 163)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 163))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 160))
                  (i64.extend8_s
                    (local.get 160))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 165
                          (i64.or
                            (i64.and
                              (local.get 158)
                              (local.get 159))
                            (i64.and
                              (i64.or
                                (local.get 158)
                                (local.get 159))
                              (i64.xor
                                (local.get 160)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 165)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 21990222069760)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 75)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 165
            (i64.load8_u
              (local.tee 162
                (i32.add
                  (i32.wrap_i64
                    (local.get 163))
                  (i32.load offset=8200
                    (local.get 164))))))
          (local.set 166
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 167
            (i64.add
              (i64.add
                (local.get 165)
                (local.get 166))
              (i64.const 0)))
          (i64.store8
            (local.get 162)
            (local.get 167))
          (local.set 168
            (local.get 2))
          (local.set 170
            (local.get 168))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 171
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 170))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 170)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 170))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 167))
                  (i64.extend8_s
                    (local.get 167))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 172
                          (i64.or
                            (i64.and
                              (local.get 165)
                              (local.get 166))
                            (i64.and
                              (i64.or
                                (local.get 165)
                                (local.get 166))
                              (i64.xor
                                (local.get 167)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 172)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 17592177655808)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 77)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 172
            (i64.load8_u
              (local.tee 169
                (i32.add
                  (i32.wrap_i64
                    (local.get 170))
                  (i32.load offset=8200
                    (local.get 171))))))
          (local.set 173
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 174
            (i64.add
              (i64.add
                (local.get 172)
                (local.get 173))
              (i64.const 0)))
          (i64.store8
            (local.get 169)
            (local.get 174))
          (local.set 175
            (local.get 2))
          (local.set 177
            (local.get 175))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 178
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 177))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 177)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 177))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 174))
                  (i64.extend8_s
                    (local.get 174))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 179
                          (i64.or
                            (i64.and
                              (local.get 172)
                              (local.get 173))
                            (i64.and
                              (i64.or
                                (local.get 172)
                                (local.get 173))
                              (i64.xor
                                (local.get 174)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 179)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 13194133241856)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 79)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 179
            (i64.load8_u
              (local.tee 176
                (i32.add
                  (i32.wrap_i64
                    (local.get 177))
                  (i32.load offset=8200
                    (local.get 178))))))
          (local.set 180
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 181
            (i64.add
              (i64.add
                (local.get 179)
                (local.get 180))
              (i64.const 0)))
          (i64.store8
            (local.get 176)
            (local.get 181))
          (local.set 182
            (local.get 2))
          (local.set 184
            (local.get 182))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 185
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 184))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 184)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 184))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 181))
                  (i64.extend8_s
                    (local.get 181))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 186
                          (i64.or
                            (i64.and
                              (local.get 179)
                              (local.get 180))
                            (i64.and
                              (i64.or
                                (local.get 179)
                                (local.get 180))
                              (i64.xor
                                (local.get 181)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 186)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 8796088827904)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 81)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 186
            (i64.load8_u
              (local.tee 183
                (i32.add
                  (i32.wrap_i64
                    (local.get 184))
                  (i32.load offset=8200
                    (local.get 185))))))
          (local.set 187
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 188
            (i64.add
              (i64.add
                (local.get 186)
                (local.get 187))
              (i64.const 0)))
          (i64.store8
            (local.get 183)
            (local.get 188))
          (local.set 189
            (local.get 2))
          (local.set 191
            (local.get 189))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 192
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 191))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 191)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 191))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 188))
                  (i64.extend8_s
                    (local.get 188))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 193
                          (i64.or
                            (i64.and
                              (local.get 186)
                              (local.get 187))
                            (i64.and
                              (i64.or
                                (local.get 186)
                                (local.get 187))
                              (i64.xor
                                (local.get 188)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 193)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 4398044413952)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 83)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 193
            (i64.load8_u
              (local.tee 190
                (i32.add
                  (i32.wrap_i64
                    (local.get 191))
                  (i32.load offset=8200
                    (local.get 192))))))
          (local.set 194
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 195
            (i64.add
              (i64.add
                (local.get 193)
                (local.get 194))
              (i64.const 0)))
          (i64.store8
            (local.get 190)
            (local.get 195))
          (local.set 24
            (i64.add
              (local.get 24)
              (i64.const -30786310897664)))
          (if  ;; label = @4
            (i64.lt_s
              (local.get 24)
              (i64.const 0))
            (then
              (local.set 24
                (i64.add
                  (local.get 24)
                  (i64.const 30786310897664)))
              (i64.extend8_s
                (local.get 195))
              (i64.extend8_s
                (local.get 195))
              (local.set 20
                (i64.or
                  (i64.shl
                    (local.tee 196
                      (i64.or
                        (i64.and
                          (local.get 193)
                          (local.get 194))
                        (i64.and
                          (i64.or
                            (local.get 193)
                            (local.get 194))
                          (i64.xor
                            (local.get 195)
                            (i64.const -1)))))
                    (i64.const 56))
                  (i64.and
                    (local.get 196)
                    (i64.const 8))))
              (local.set 19)
              (local.set 18)
              (local.set 27
                (i64.add
                  (local.get 22)
                  (i64.const 85)))
              (local.set 28
                (i32.const 15))
              (br 3 (;@1;))))
          (i64.extend8_s
            (local.get 195))
          (i64.extend8_s
            (local.get 195))
          (local.set 20
            (i64.or
              (i64.shl
                (local.tee 196
                  (i64.or
                    (i64.and
                      (local.get 193)
                      (local.get 194))
                    (i64.and
                      (i64.or
                        (local.get 193)
                        (local.get 194))
                      (i64.xor
                        (local.get 195)
                        (i64.const -1)))))
                (i64.const 56))
              (i64.and
                (local.get 196)
                (i64.const 8))))
          (local.set 19)
          (local.set 18)
          (local.set 29
            (local.get 2))
          (local.set 30
            (local.get 29))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 35
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 30))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 30)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 30))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 30786310897664)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 85)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 31
            (i64.load8_u
              (local.tee 33
                (i32.add
                  (i32.wrap_i64
                    (local.get 30))
                  (i32.load offset=8200
                    (local.get 35))))))
          (local.set 32
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 34
            (i64.add
              (i64.add
                (local.get 31)
                (local.get 32))
              (i64.const 0)))
          (i64.store8
            (local.get 33)
            (local.get 34))
          (local.set 36
            (local.get 2))
          (local.set 38
            (local.get 36))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 40
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 38))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 38)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 38))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 34))
                  (i64.extend8_s
                    (local.get 34))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 39
                          (i64.or
                            (i64.and
                              (local.get 31)
                              (local.get 32))
                            (i64.and
                              (i64.or
                                (local.get 31)
                                (local.get 32))
                              (i64.xor
                                (local.get 34)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 39)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 26388266483712)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 87)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 39
            (i64.load8_u
              (local.tee 37
                (i32.add
                  (i32.wrap_i64
                    (local.get 38))
                  (i32.load offset=8200
                    (local.get 40))))))
          (local.set 41
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 43
            (i64.add
              (i64.add
                (local.get 39)
                (local.get 41))
              (i64.const 0)))
          (i64.store8
            (local.get 37)
            (local.get 43))
          (local.set 44
            (local.get 2))
          (local.set 45
            (local.get 44))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 47
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 45))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 45)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 45))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 43))
                  (i64.extend8_s
                    (local.get 43))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 46
                          (i64.or
                            (i64.and
                              (local.get 39)
                              (local.get 41))
                            (i64.and
                              (i64.or
                                (local.get 39)
                                (local.get 41))
                              (i64.xor
                                (local.get 43)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 46)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 21990222069760)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 89)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 46
            (i64.load8_u
              (local.tee 42
                (i32.add
                  (i32.wrap_i64
                    (local.get 45))
                  (i32.load offset=8200
                    (local.get 47))))))
          (local.set 48
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 50
            (i64.add
              (i64.add
                (local.get 46)
                (local.get 48))
              (i64.const 0)))
          (i64.store8
            (local.get 42)
            (local.get 50))
          (local.set 51
            (local.get 2))
          (local.set 52
            (local.get 51))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 54
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 52))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 52)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 52))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 50))
                  (i64.extend8_s
                    (local.get 50))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 53
                          (i64.or
                            (i64.and
                              (local.get 46)
                              (local.get 48))
                            (i64.and
                              (i64.or
                                (local.get 46)
                                (local.get 48))
                              (i64.xor
                                (local.get 50)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 53)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 17592177655808)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 91)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 53
            (i64.load8_u
              (local.tee 49
                (i32.add
                  (i32.wrap_i64
                    (local.get 52))
                  (i32.load offset=8200
                    (local.get 54))))))
          (local.set 55
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 57
            (i64.add
              (i64.add
                (local.get 53)
                (local.get 55))
              (i64.const 0)))
          (i64.store8
            (local.get 49)
            (local.get 57))
          (local.set 58
            (local.get 2))
          (local.set 59
            (local.get 58))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 61
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 59))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 59)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 59))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 57))
                  (i64.extend8_s
                    (local.get 57))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 60
                          (i64.or
                            (i64.and
                              (local.get 53)
                              (local.get 55))
                            (i64.and
                              (i64.or
                                (local.get 53)
                                (local.get 55))
                              (i64.xor
                                (local.get 57)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 60)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 13194133241856)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 93)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 60
            (i64.load8_u
              (local.tee 56
                (i32.add
                  (i32.wrap_i64
                    (local.get 59))
                  (i32.load offset=8200
                    (local.get 61))))))
          (local.set 62
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 64
            (i64.add
              (i64.add
                (local.get 60)
                (local.get 62))
              (i64.const 0)))
          (i64.store8
            (local.get 56)
            (local.get 64))
          (local.set 65
            (local.get 2))
          (local.set 66
            (local.get 65))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 71
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 66))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 66)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 66))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 64))
                  (i64.extend8_s
                    (local.get 64))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 67
                          (i64.or
                            (i64.and
                              (local.get 60)
                              (local.get 62))
                            (i64.and
                              (i64.or
                                (local.get 60)
                                (local.get 62))
                              (i64.xor
                                (local.get 64)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 67)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 8796088827904)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 95)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 67
            (i64.load8_u
              (local.tee 63
                (i32.add
                  (i32.wrap_i64
                    (local.get 66))
                  (i32.load offset=8200
                    (local.get 71))))))
          (local.set 68
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 69
            (i64.add
              (i64.add
                (local.get 67)
                (local.get 68))
              (i64.const 0)))
          (i64.store8
            (local.get 63)
            (local.get 69))
          (local.set 70
            (local.get 2))
          (local.set 72
            (local.get 70))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 78
                  (i32.add
                    (local.get 21)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 72))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 72)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 72))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 69))
                  (i64.extend8_s
                    (local.get 69))
                  (local.set 20
                    (i64.or
                      (i64.shl
                        (local.tee 74
                          (i64.or
                            (i64.and
                              (local.get 67)
                              (local.get 68))
                            (i64.and
                              (i64.or
                                (local.get 67)
                                (local.get 68))
                              (i64.xor
                                (local.get 69)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 74)
                        (i64.const 8))))
                  (local.set 19)
                  (local.set 18)
                  (local.set 24
                    (i64.add
                      (local.get 24)
                      (i64.const 4398044413952)))
                  (local.set 27
                    (i64.add
                      (local.get 22)
                      (i64.const 97)))
                  (local.set 28
                    (i32.const 15))
                  (br 4 (;@1;))))))
          (local.set 74
            (i64.load8_u
              (local.tee 73
                (i32.add
                  (i32.wrap_i64
                    (local.get 72))
                  (i32.load offset=8200
                    (local.get 78))))))
          (local.set 75
            (i64.and
              (local.get 2)
              (i64.const 255)))
          (local.set 76
            (i64.add
              (i64.add
                (local.get 74)
                (local.get 75))
              (i64.const 0)))
          (i64.store8
            (local.get 73)
            (local.get 76))
          (i64.extend8_s
            (local.get 76))
          (i64.extend8_s
            (local.get 76))
          (local.set 20
            (i64.or
              (i64.shl
                (local.tee 77
                  (i64.or
                    (i64.and
                      (local.get 74)
                      (local.get 75))
                    (i64.and
                      (i64.or
                        (local.get 74)
                        (local.get 75))
                      (i64.xor
                        (local.get 76)
                        (i64.const -1)))))
                (i64.const 56))
              (i64.and
                (local.get 77)
                (i64.const 8))))
          (local.set 19)
          (local.set 18)
          (local.set 27
            (i64.add
              (local.get 22)
              (i64.const 99)))
          (local.set 28
            (i32.const 1))
          (br 2 (;@1;)))
        (local.set 27
          (i64.add
            (local.get 22)
            (i64.const 48)))
        (local.set 28
          (i32.const 15))
        (br 1 (;@1;))))
    (i64.store offset=48
      (local.get 0)
      (local.get 8))
    (i64.store
      (local.get 0)
      (local.get 2))
    (i64.store offset=24
      (local.get 0)
      (local.get 5))
    (i64.store offset=16
      (local.get 0)
      (local.get 4))
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
