(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;1;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i32 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64 i32 i64 i32 i64 i64 i64 i64)
    (i32.store offset=68
      (i32.const 0)
      (i32.load offset=64
        (i32.const 0)))
    (local.set 9
      (i64.load offset=48
        (local.get 0)))
    (local.set 4
      (i64.load offset=8
        (local.get 0)))
    (local.set 3
      (i64.load
        (local.get 0)))
    (local.set 6
      (i64.load offset=24
        (local.get 0)))
    (local.set 5
      (i64.load offset=16
        (local.get 0)))
    (local.set 10
      (i64.load offset=56
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
      (block  ;; label = @2
        (local.set 30
          (i64.add
            (local.get 23)
            (i64.const 32)))
        (local.set 9
          (local.get 30))
        (local.set 25
          (i64.add
            (local.get 25)
            (i64.const -13194133241855)))
        (if  ;; label = @3
          (i64.lt_s
            (local.get 25)
            (i64.const 0))
          (then
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.const 13194133241855)))
            (local.set 28
              (i64.add
                (local.get 23)
                (i64.const 7)))
            (local.set 29
              (i32.const 12))
            (br 2 (;@1;))))
        (br 0 (;@2;)))
      (loop  ;; label = @2
        (block  ;; label = @3
          (block  ;; label = @4
            (block  ;; label = @5
              (block  ;; label = @6
                (block  ;; label = @7
                  (local.set 30
                    (i64.and
                      (local.get 4)
                      (i64.const 4294967295)))
                  (local.set 3
                    (i64.and
                      (local.get 30)
                      (i64.const 4294967295)))
                  (local.set 31
                    (i64.and
                      (local.get 3)
                      (i64.const 4294967295)))
                  (local.set 32
                    (i64.and
                      (local.get 31)
                      (i64.const 1)))
                  (local.set 3
                    (i64.and
                      (local.get 32)
                      (i64.const 4294967295)))
                  (local.set 33
                    (i64.add
                      (local.get 9)
                      (i64.shl
                        (local.get 3)
                        (i64.const 3))))
                  (local.set 35
                    (local.get 33))
                  (if  ;; label = @8
                    (i64.ne
                      (i64.load
                        (local.tee 36
                          (i32.add
                            (local.get 22)
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
                      (if  ;; label = @9
                        (call 0
                          (local.get 0)
                          (i32.const 288))
                        (then
                          (i64.extend32_s
                            (local.get 32))
                          (i64.extend32_s
                            (local.get 32))
                          (local.set 21
                            (i64.const 0))
                          (local.set 20)
                          (local.set 19)
                          (local.set 25
                            (i64.add
                              (local.get 25)
                              (i64.const 4398044413951)))
                          (local.set 28
                            (i64.add
                              (local.get 23)
                              (i64.const 12)))
                          (local.set 29
                            (i32.const 12))
                          (br 8 (;@1;))))))
                  (local.set 37
                    (i64.load
                      (local.tee 34
                        (i32.add
                          (i32.wrap_i64
                            (local.get 35))
                          (i32.load offset=8
                            (local.get 36))))))
                  (if  ;; label = @8
                    (i32.eqz
                      (i64.eq
                        (i64.shr_s
                          (i64.shl
                            (local.get 37)
                            (i64.const 16))
                          (i64.const 16))
                        (local.get 37)))
                    (then
                      (i64.extend32_s
                        (local.get 32))
                      (i64.extend32_s
                        (local.get 32))
                      (local.set 21
                        (i64.const 0))
                      (local.set 20)
                      (local.set 19)
                      (local.set 25
                        (i64.add
                          (local.get 25)
                          (i64.const 4398044413951)))
                      (local.set 28
                        (i64.add
                          (local.get 23)
                          (i64.const 12)))
                      (local.set 29
                        (i32.const 12))
                      (br 7 (;@1;))))
                  (local.set 24
                    (local.get 37))
                  (if  ;; label = @8
                    (i64.le_u
                      (i64.sub
                        (i64.sub
                          (local.get 24)
                          (local.get 23))
                        (i64.const 7))
                      (i64.const 41))
                    (then
                      (local.set 2
                        (i64.sub
                          (local.get 24)
                          (local.get 23)))
                      (if  ;; label = @9
                        (i64.lt_s
                          (local.get 2)
                          (i64.const 25))
                        (then
                          (if  ;; label = @10
                            (i64.lt_s
                              (local.get 2)
                              (i64.const 15))
                            (then
                              (if  ;; label = @11
                                (i64.eq
                                  (local.get 2)
                                  (i64.const 7))
                                (then
                                  (local.set 25
                                    (i64.add
                                      (local.get 25)
                                      (i64.const -13194133241855)))
                                  (if  ;; label = @12
                                    (i64.lt_s
                                      (local.get 25)
                                      (i64.const 0))
                                    (then
                                      (local.set 25
                                        (i64.add
                                          (local.get 25)
                                          (i64.const 13194133241855)))
                                      (i64.extend32_s
                                        (local.get 32))
                                      (i64.extend32_s
                                        (local.get 32))
                                      (local.set 21
                                        (i64.const 0))
                                      (local.set 20)
                                      (local.set 19)
                                      (local.set 28
                                        (i64.add
                                          (local.get 23)
                                          (i64.const 7)))
                                      (local.set 29
                                        (i32.const 12))
                                      (br 11 (;@1;))))
                                  (br 9 (;@2;)))))
                            (else
                              (if  ;; label = @11
                                (i64.lt_s
                                  (local.get 2)
                                  (i64.const 21))
                                (then
                                  (if  ;; label = @12
                                    (i64.eq
                                      (local.get 2)
                                      (i64.const 15))
                                    (then
                                      (local.set 25
                                        (i64.add
                                          (local.get 25)
                                          (i64.const -8796088827903)))
                                      (if  ;; label = @13
                                        (i64.lt_s
                                          (local.get 25)
                                          (i64.const 0))
                                        (then
                                          (local.set 25
                                            (i64.add
                                              (local.get 25)
                                              (i64.const 8796088827903)))
                                          (i64.extend32_s
                                            (local.get 32))
                                          (i64.extend32_s
                                            (local.get 32))
                                          (local.set 21
                                            (i64.const 0))
                                          (local.set 20)
                                          (local.set 19)
                                          (local.set 28
                                            (i64.add
                                              (local.get 23)
                                              (i64.const 15)))
                                          (local.set 29
                                            (i32.const 12))
                                          (br 12 (;@1;))))
                                      (br 5 (;@7;)))))
                                (else
                                  (if  ;; label = @12
                                    (i64.eq
                                      (local.get 2)
                                      (i64.const 21))
                                    (then
                                      (local.set 25
                                        (i64.add
                                          (local.get 25)
                                          (i64.const -4398044413952)))
                                      (if  ;; label = @13
                                        (i64.lt_s
                                          (local.get 25)
                                          (i64.const 0))
                                        (then
                                          (local.set 25
                                            (i64.add
                                              (local.get 25)
                                              (i64.const 4398044413952)))
                                          (i64.extend32_s
                                            (local.get 32))
                                          (i64.extend32_s
                                            (local.get 32))
                                          (local.set 21
                                            (i64.const 0))
                                          (local.set 20)
                                          (local.set 19)
                                          (local.set 28
                                            (i64.add
                                              (local.get 23)
                                              (i64.const 21)))
                                          (local.set 29
                                            (i32.const 12))
                                          (br 12 (;@1;))))
                                      (br 6 (;@6;)))))))))
                        (else
                          (if  ;; label = @10
                            (i64.lt_s
                              (local.get 2)
                              (i64.const 32))
                            (then
                              (if  ;; label = @11
                                (i64.eq
                                  (local.get 2)
                                  (i64.const 25))
                                (then
                                  (local.set 25
                                    (i64.add
                                      (local.get 25)
                                      (i64.const -8796088827903)))
                                  (if  ;; label = @12
                                    (i64.lt_s
                                      (local.get 25)
                                      (i64.const 0))
                                    (then
                                      (local.set 25
                                        (i64.add
                                          (local.get 25)
                                          (i64.const 8796088827903)))
                                      (i64.extend32_s
                                        (local.get 32))
                                      (i64.extend32_s
                                        (local.get 32))
                                      (local.set 21
                                        (i64.const 0))
                                      (local.set 20)
                                      (local.set 19)
                                      (local.set 28
                                        (i64.add
                                          (local.get 23)
                                          (i64.const 25)))
                                      (local.set 29
                                        (i32.const 12))
                                      (br 11 (;@1;))))
                                  (local.set 21
                                    (i64.const 0))
                                  (br 6 (;@5;)))))
                            (else
                              (if  ;; label = @11
                                (i64.lt_s
                                  (local.get 2)
                                  (i64.const 48))
                                (then
                                  (if  ;; label = @12
                                    (i64.eq
                                      (local.get 2)
                                      (i64.const 32))
                                    (then
                                      (local.set 25
                                        (i64.add
                                          (local.get 25)
                                          (i64.const -109951110348800)))
                                      (if  ;; label = @13
                                        (i64.lt_s
                                          (local.get 25)
                                          (i64.const 0))
                                        (then
                                          (local.set 25
                                            (i64.add
                                              (local.get 25)
                                              (i64.const 109951110348800)))
                                          (i64.extend32_s
                                            (local.get 32))
                                          (i64.extend32_s
                                            (local.get 32))
                                          (local.set 21
                                            (i64.const 0))
                                          (local.set 20)
                                          (local.set 19)
                                          (local.set 28
                                            (i64.add
                                              (local.get 23)
                                              (i64.const 32)))
                                          (local.set 29
                                            (i32.const 12))
                                          (br 12 (;@1;))))
                                      (local.set 21
                                        (i64.const 0))
                                      (br 8 (;@4;)))))
                                (else
                                  (if  ;; label = @12
                                    (i64.eq
                                      (local.get 2)
                                      (i64.const 48))
                                    (then
                                      (i64.extend32_s
                                        (local.get 32))
                                      (i64.extend32_s
                                        (local.get 32))
                                      (local.set 21
                                        (i64.const 0))
                                      (local.set 20)
                                      (local.set 19)
                                      (br 9 (;@3;))))))))))))
                  (i64.store offset=1616
                    (local.get 0)
                    (i64.add
                      (local.get 23)
                      (i64.const 12)))
                  (i64.store offset=1624
                    (local.get 0)
                    (local.get 24))
                  (i64.extend32_s
                    (local.get 32))
                  (i64.extend32_s
                    (local.get 32))
                  (local.set 21
                    (i64.const 0))
                  (local.set 20)
                  (local.set 19)
                  (local.set 28
                    (local.get 24))
                  (local.set 29
                    (i32.const 1))
                  (br 6 (;@1;)))
                (local.set 30
                  (local.get 6))
                (local.set 31
                  (i64.add
                    (i64.add
                      (local.get 30)
                      (i64.const 1))
                    (i64.const 0)))
                (local.set 6
                  (local.get 31))
                (local.set 32
                  (i64.add
                    (local.get 23)
                    (i64.const 25)))
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const -8796088827903)))
                (if  ;; label = @7
                  (i64.lt_s
                    (local.get 25)
                    (i64.const 0))
                  (then
                    (local.set 25
                      (i64.add
                        (local.get 25)
                        (i64.const 8796088827903)))
                    (local.get 31)
                    (local.get 31)
                    (local.set 21
                      (i64.or
                        (i64.and
                          (local.get 30)
                          (i64.const 1))
                        (i64.and
                          (i64.or
                            (local.get 30)
                            (i64.const 1))
                          (i64.xor
                            (local.get 31)
                            (i64.const -1)))))
                    (local.set 20)
                    (local.set 19)
                    (local.set 28
                      (i64.add
                        (local.get 23)
                        (i64.const 25)))
                    (local.set 29
                      (i32.const 12))
                    (br 6 (;@1;))))
                (local.set 21
                  (i64.or
                    (i64.and
                      (local.get 30)
                      (i64.const 1))
                    (i64.and
                      (i64.or
                        (local.get 30)
                        (i64.const 1))
                      (i64.xor
                        (local.get 31)
                        (i64.const -1)))))
                (br 1 (;@5;)))
              (local.set 30
                (local.get 5))
              (local.set 31
                (i64.add
                  (i64.add
                    (local.get 30)
                    (i64.const 1))
                  (i64.const 0)))
              (local.set 5
                (local.get 31))
              (local.set 25
                (i64.add
                  (local.get 25)
                  (i64.const -8796088827903)))
              (if  ;; label = @6
                (i64.lt_s
                  (local.get 25)
                  (i64.const 0))
                (then
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 8796088827903)))
                  (local.get 31)
                  (local.get 31)
                  (local.set 21
                    (i64.or
                      (i64.and
                        (local.get 30)
                        (i64.const 1))
                      (i64.and
                        (i64.or
                          (local.get 30)
                          (i64.const 1))
                        (i64.xor
                          (local.get 31)
                          (i64.const -1)))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 25)))
                  (local.set 29
                    (i32.const 12))
                  (br 5 (;@1;))))
              (local.set 21
                (i64.or
                  (i64.and
                    (local.get 30)
                    (i64.const 1))
                  (i64.and
                    (i64.or
                      (local.get 30)
                      (i64.const 1))
                    (i64.xor
                      (local.get 31)
                      (i64.const -1)))))
              (br 0 (;@5;)))
            (local.set 30
              (i64.and
                (local.get 4)
                (i64.const 4294967295)))
            (local.set 31
              (i64.sub
                (i64.sub
                  (local.get 30)
                  (i64.const 1))
                (i64.const 0)))
            (local.set 32
              (i64.xor
                (local.get 30)
                (i64.const -1)))
            (local.set 4
              (i64.and
                (local.get 31)
                (i64.const 4294967295)))
            (local.set 34
              (i32.eqz
                (i64.eqz
                  (i64.extend32_s
                    (local.get 31)))))
            (local.set 33
              (i64.add
                (local.get 23)
                (i64.const 7)))
            (if  ;; label = @5
              (local.get 34)
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const -13194133241855)))
                (if  ;; label = @6
                  (i64.lt_s
                    (local.get 25)
                    (i64.const 0))
                  (then
                    (local.set 25
                      (i64.add
                        (local.get 25)
                        (i64.const 13194133241855)))
                    (i64.extend32_s
                      (local.get 31))
                    (i64.extend32_s
                      (local.get 31))
                    (local.set 21
                      (i64.xor
                        (i64.and
                          (i64.shr_s
                            (i64.xor
                              (local.tee 35
                                (i64.or
                                  (i64.shl
                                    (local.tee 37
                                      (i64.or
                                        (i64.and
                                          (local.get 32)
                                          (i64.const 1))
                                        (i64.and
                                          (i64.or
                                            (local.get 32)
                                            (i64.const 1))
                                          (local.get 31))))
                                    (i64.const 32))
                                  (i64.and
                                    (local.get 37)
                                    (i64.const 8))))
                              (local.get 21))
                            (i64.const 63))
                          (i64.const -4611686018427387904))
                        (local.get 35)))
                    (local.set 20)
                    (local.set 19)
                    (local.set 28
                      (i64.add
                        (local.get 23)
                        (i64.const 7)))
                    (local.set 29
                      (i32.const 12))
                    (br 5 (;@1;))))
                (br 3 (;@2;))))
            (local.set 25
              (i64.add
                (local.get 25)
                (i64.const -4398044413951)))
            (if  ;; label = @5
              (i64.lt_s
                (local.get 25)
                (i64.const 0))
              (then
                (local.set 25
                  (i64.add
                    (local.get 25)
                    (i64.const 4398044413951)))
                (i64.extend32_s
                  (local.get 31))
                (i64.extend32_s
                  (local.get 31))
                (local.set 21
                  (i64.xor
                    (i64.and
                      (i64.shr_s
                        (i64.xor
                          (local.tee 35
                            (i64.or
                              (i64.shl
                                (local.tee 37
                                  (i64.or
                                    (i64.and
                                      (local.get 32)
                                      (i64.const 1))
                                    (i64.and
                                      (i64.or
                                        (local.get 32)
                                        (i64.const 1))
                                      (local.get 31))))
                                (i64.const 32))
                              (i64.and
                                (local.get 37)
                                (i64.const 8))))
                          (local.get 21))
                        (i64.const 63))
                      (i64.const -4611686018427387904))
                    (local.get 35)))
                (local.set 20)
                (local.set 19)
                (local.set 28
                  (i64.add
                    (local.get 23)
                    (i64.const 29)))
                (local.set 29
                  (i32.const 12))
                (br 4 (;@1;))))
            (i64.extend32_s
              (local.get 31))
            (i64.extend32_s
              (local.get 31))
            (local.set 21
              (i64.xor
                (i64.and
                  (i64.shr_s
                    (i64.xor
                      (local.tee 35
                        (i64.or
                          (i64.shl
                            (local.tee 37
                              (i64.or
                                (i64.and
                                  (local.get 32)
                                  (i64.const 1))
                                (i64.and
                                  (i64.or
                                    (local.get 32)
                                    (i64.const 1))
                                  (local.get 31))))
                            (i64.const 32))
                          (i64.and
                            (local.get 37)
                            (i64.const 8))))
                      (local.get 21))
                    (i64.const 63))
                  (i64.const -4611686018427387904))
                (local.get 35)))
            (local.set 20)
            (local.set 19)
            (local.set 30
              (i64.add
                (local.get 23)
                (i64.const 48)))
            (br 1 (;@3;)))
          (local.set 30
            (i64.and
              (local.get 3)
              (i64.const 4294967295)))
          (local.set 34
            (i64.lt_s
              (local.get 21)
              (i64.const 0)))
          (local.set 31
            (i64.add
              (i64.add
                (local.get 30)
                (i64.const 0))
              (i64.extend_i32_u
                (local.get 34))))
          (local.set 3
            (i64.and
              (local.get 31)
              (i64.const 4294967295)))
          (local.set 32
            (local.get 3))
          (local.set 33
            (local.get 32))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 38
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 33))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 33)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 33))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend32_s
                    (local.get 31))
                  (i64.extend32_s
                    (local.get 31))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 35
                          (i64.or
                            (i64.and
                              (local.get 30)
                              (i64.const 0))
                            (i64.and
                              (i64.or
                                (local.get 30)
                                (i64.const 0))
                              (i64.xor
                                (local.get 31)
                                (i64.const -1)))))
                        (i64.const 32))
                      (i64.and
                        (local.get 35)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 105553065934848)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 37)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 35
            (i64.load8_u
              (local.tee 36
                (i32.add
                  (i32.wrap_i64
                    (local.get 33))
                  (i32.load offset=8200
                    (local.get 38))))))
          (local.set 37
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 39
            (i64.add
              (i64.add
                (local.get 35)
                (local.get 37))
              (i64.const 0)))
          (i64.store8
            (local.get 36)
            (local.get 39))
          (local.set 40
            (local.get 10))
          (local.set 42
            (local.get 40))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 43
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 42))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 42)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 42))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 39))
                  (i64.extend8_s
                    (local.get 39))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 44
                          (i64.or
                            (i64.and
                              (local.get 35)
                              (local.get 37))
                            (i64.and
                              (i64.or
                                (local.get 35)
                                (local.get 37))
                              (i64.xor
                                (local.get 39)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 44)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 101155021520896)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 39)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 44
            (i64.load8_u
              (local.tee 41
                (i32.add
                  (i32.wrap_i64
                    (local.get 42))
                  (i32.load offset=8200
                    (local.get 43))))))
          (local.set 45
            (i64.and
              (local.get 4)
              (i64.const 255)))
          (local.set 46
            (i64.add
              (i64.add
                (local.get 44)
                (local.get 45))
              (i64.const 0)))
          (i64.store8
            (local.get 41)
            (local.get 46))
          (local.set 47
            (local.get 3))
          (local.set 49
            (local.get 47))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 50
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 49))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 49)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 49))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 46))
                  (i64.extend8_s
                    (local.get 46))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 51
                          (i64.or
                            (i64.and
                              (local.get 44)
                              (local.get 45))
                            (i64.and
                              (i64.or
                                (local.get 44)
                                (local.get 45))
                              (i64.xor
                                (local.get 46)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 51)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 96756977106944)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 41)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 51
            (i64.load8_u
              (local.tee 48
                (i32.add
                  (i32.wrap_i64
                    (local.get 49))
                  (i32.load offset=8200
                    (local.get 50))))))
          (local.set 52
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 53
            (i64.add
              (i64.add
                (local.get 51)
                (local.get 52))
              (i64.const 0)))
          (i64.store8
            (local.get 48)
            (local.get 53))
          (local.set 54
            (local.get 3))
          (local.set 56
            (local.get 54))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 57
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 56))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 56)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 56))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 53))
                  (i64.extend8_s
                    (local.get 53))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 58
                          (i64.or
                            (i64.and
                              (local.get 51)
                              (local.get 52))
                            (i64.and
                              (i64.or
                                (local.get 51)
                                (local.get 52))
                              (i64.xor
                                (local.get 53)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 58)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 92358932692992)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 43)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 58
            (i64.load8_u
              (local.tee 55
                (i32.add
                  (i32.wrap_i64
                    (local.get 56))
                  (i32.load offset=8200
                    (local.get 57))))))
          (local.set 59
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 60
            (i64.add
              (i64.add
                (local.get 58)
                (local.get 59))
              (i64.const 0)))
          (i64.store8
            (local.get 55)
            (local.get 60))
          (local.set 61
            (local.get 3))
          (local.set 63
            (local.get 61))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 64
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 63))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 63)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 63))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 60))
                  (i64.extend8_s
                    (local.get 60))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 65
                          (i64.or
                            (i64.and
                              (local.get 58)
                              (local.get 59))
                            (i64.and
                              (i64.or
                                (local.get 58)
                                (local.get 59))
                              (i64.xor
                                (local.get 60)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 65)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 87960888279040)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 45)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 65
            (i64.load8_u
              (local.tee 62
                (i32.add
                  (i32.wrap_i64
                    (local.get 63))
                  (i32.load offset=8200
                    (local.get 64))))))
          (local.set 66
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 67
            (i64.add
              (i64.add
                (local.get 65)
                (local.get 66))
              (i64.const 0)))
          (i64.store8
            (local.get 62)
            (local.get 67))
          (local.set 68
            (i64.and
              (i64.shr_u
                (local.get 3)
                (i64.const 8))
              (i64.const 255)))
          (local.set 69
            (i64.and
              (i64.shr_u
                (local.get 5)
                (i64.const 8))
              (i64.const 255)))
          (local.set 70
            (i64.add
              (i64.add
                (local.get 68)
                (local.get 69))
              (i64.const 0)))
          (local.set 3
            (i64.or
              (i64.and
                (local.get 3)
                (i64.const -65281))
              (i64.shl
                (i64.and
                  (local.get 70)
                  (i64.const 255))
                (i64.const 8))))
          (local.set 71
            (local.get 3))
          (local.set 73
            (local.get 71))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 74
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 73))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 73)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 73))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 70))
                  (i64.extend8_s
                    (local.get 70))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 75
                          (i64.or
                            (i64.and
                              (local.get 68)
                              (local.get 69))
                            (i64.and
                              (i64.or
                                (local.get 68)
                                (local.get 69))
                              (i64.xor
                                (local.get 70)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 75)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 79164799451136)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 49)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 75
            (i64.load8_u
              (local.tee 72
                (i32.add
                  (i32.wrap_i64
                    (local.get 73))
                  (i32.load offset=8200
                    (local.get 74))))))
          (local.set 76
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 77
            (i64.add
              (i64.add
                (local.get 75)
                (local.get 76))
              (i64.const 0)))
          (i64.store8
            (local.get 72)
            (local.get 77))
          (local.set 78
            (local.get 3))
          (local.set 80
            (local.get 78))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 81
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 80))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 80)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 80))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 77))
                  (i64.extend8_s
                    (local.get 77))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 82
                          (i64.or
                            (i64.and
                              (local.get 75)
                              (local.get 76))
                            (i64.and
                              (i64.or
                                (local.get 75)
                                (local.get 76))
                              (i64.xor
                                (local.get 77)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 82)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 74766755037184)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 51)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 82
            (i64.load8_u
              (local.tee 79
                (i32.add
                  (i32.wrap_i64
                    (local.get 80))
                  (i32.load offset=8200
                    (local.get 81))))))
          (local.set 83
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 84
            (i64.add
              (i64.add
                (local.get 82)
                (local.get 83))
              (i64.const 0)))
          (i64.store8
            (local.get 79)
            (local.get 84))
          (local.set 85
            (local.get 3))
          (local.set 87
            (local.get 85))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 88
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 87))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 87)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 87))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 84))
                  (i64.extend8_s
                    (local.get 84))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 89
                          (i64.or
                            (i64.and
                              (local.get 82)
                              (local.get 83))
                            (i64.and
                              (i64.or
                                (local.get 82)
                                (local.get 83))
                              (i64.xor
                                (local.get 84)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 89)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 70368710623232)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 53)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 89
            (i64.load8_u
              (local.tee 86
                (i32.add
                  (i32.wrap_i64
                    (local.get 87))
                  (i32.load offset=8200
                    (local.get 88))))))
          (local.set 90
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 91
            (i64.add
              (i64.add
                (local.get 89)
                (local.get 90))
              (i64.const 0)))
          (i64.store8
            (local.get 86)
            (local.get 91))
          (local.set 92
            (local.get 3))
          (local.set 94
            (local.get 92))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 95
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 94))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 94)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 94))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 91))
                  (i64.extend8_s
                    (local.get 91))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 96
                          (i64.or
                            (i64.and
                              (local.get 89)
                              (local.get 90))
                            (i64.and
                              (i64.or
                                (local.get 89)
                                (local.get 90))
                              (i64.xor
                                (local.get 91)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 96)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 65970666209280)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 55)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 96
            (i64.load8_u
              (local.tee 93
                (i32.add
                  (i32.wrap_i64
                    (local.get 94))
                  (i32.load offset=8200
                    (local.get 95))))))
          (local.set 97
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 98
            (i64.add
              (i64.add
                (local.get 96)
                (local.get 97))
              (i64.const 0)))
          (i64.store8
            (local.get 93)
            (local.get 98))
          (local.set 99
            (local.get 3))
          (local.set 101
            (local.get 99))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 102
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 101))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 101)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 101))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 98))
                  (i64.extend8_s
                    (local.get 98))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 103
                          (i64.or
                            (i64.and
                              (local.get 96)
                              (local.get 97))
                            (i64.and
                              (i64.or
                                (local.get 96)
                                (local.get 97))
                              (i64.xor
                                (local.get 98)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 103)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 61572621795328)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 57)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 103
            (i64.load8_u
              (local.tee 100
                (i32.add
                  (i32.wrap_i64
                    (local.get 101))
                  (i32.load offset=8200
                    (local.get 102))))))
          (local.set 104
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 105
            (i64.add
              (i64.add
                (local.get 103)
                (local.get 104))
              (i64.const 0)))
          (i64.store8
            (local.get 100)
            (local.get 105))
          (local.set 106
            (local.get 3))
          (local.set 108
            (local.get 106))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 109
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 108))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 108)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 108))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 105))
                  (i64.extend8_s
                    (local.get 105))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 110
                          (i64.or
                            (i64.and
                              (local.get 103)
                              (local.get 104))
                            (i64.and
                              (i64.or
                                (local.get 103)
                                (local.get 104))
                              (i64.xor
                                (local.get 105)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 110)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 57174577381376)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 59)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 110
            (i64.load8_u
              (local.tee 107
                (i32.add
                  (i32.wrap_i64
                    (local.get 108))
                  (i32.load offset=8200
                    (local.get 109))))))
          (local.set 111
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 112
            (i64.add
              (i64.add
                (local.get 110)
                (local.get 111))
              (i64.const 0)))
          (i64.store8
            (local.get 107)
            (local.get 112))
          (local.set 113
            (local.get 3))
          (local.set 115
            (local.get 113))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 116
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 115))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 115)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 115))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 112))
                  (i64.extend8_s
                    (local.get 112))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 117
                          (i64.or
                            (i64.and
                              (local.get 110)
                              (local.get 111))
                            (i64.and
                              (i64.or
                                (local.get 110)
                                (local.get 111))
                              (i64.xor
                                (local.get 112)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 117)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 52776532967424)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 61)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 117
            (i64.load8_u
              (local.tee 114
                (i32.add
                  (i32.wrap_i64
                    (local.get 115))
                  (i32.load offset=8200
                    (local.get 116))))))
          (local.set 118
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 119
            (i64.add
              (i64.add
                (local.get 117)
                (local.get 118))
              (i64.const 0)))
          (i64.store8
            (local.get 114)
            (local.get 119))
          (local.set 120
            (local.get 3))
          (local.set 122
            (local.get 120))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 123
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 122))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 122)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 122))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 119))
                  (i64.extend8_s
                    (local.get 119))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 124
                          (i64.or
                            (i64.and
                              (local.get 117)
                              (local.get 118))
                            (i64.and
                              (i64.or
                                (local.get 117)
                                (local.get 118))
                              (i64.xor
                                (local.get 119)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 124)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 48378488553472)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 63)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 124
            (i64.load8_u
              (local.tee 121
                (i32.add
                  (i32.wrap_i64
                    (local.get 122))
                  (i32.load offset=8200
                    (local.get 123))))))
          (local.set 125
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 126
            (i64.add
              (i64.add
                (local.get 124)
                (local.get 125))
              (i64.const 0)))
          (i64.store8
            (local.get 121)
            (local.get 126))
          (local.set 127
            (local.get 3))
          (local.set 129
            (local.get 127))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 130
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 129))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 129)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 129))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 126))
                  (i64.extend8_s
                    (local.get 126))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 131
                          (i64.or
                            (i64.and
                              (local.get 124)
                              (local.get 125))
                            (i64.and
                              (i64.or
                                (local.get 124)
                                (local.get 125))
                              (i64.xor
                                (local.get 126)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 131)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 43980444139520)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 65)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 131
            (i64.load8_u
              (local.tee 128
                (i32.add
                  (i32.wrap_i64
                    (local.get 129))
                  (i32.load offset=8200
                    (local.get 130))))))
          (local.set 132
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 133
            (i64.add
              (i64.add
                (local.get 131)
                (local.get 132))
              (i64.const 0)))
          (i64.store8
            (local.get 128)
            (local.get 133))
          (local.set 134
            (local.get 3))
          (local.set 136
            (local.get 134))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 137
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 136))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 136)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 136))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 133))
                  (i64.extend8_s
                    (local.get 133))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 138
                          (i64.or
                            (i64.and
                              (local.get 131)
                              (local.get 132))
                            (i64.and
                              (i64.or
                                (local.get 131)
                                (local.get 132))
                              (i64.xor
                                (local.get 133)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 138)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 39582399725568)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 67)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 138
            (i64.load8_u
              (local.tee 135
                (i32.add
                  (i32.wrap_i64
                    (local.get 136))
                  (i32.load offset=8200
                    (local.get 137))))))
          (local.set 139
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 140
            (i64.add
              (i64.add
                (local.get 138)
                (local.get 139))
              (i64.const 0)))
          (i64.store8
            (local.get 135)
            (local.get 140))
          (local.set 141
            (local.get 3))
          (local.set 143
            (local.get 141))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 144
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 143))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 143)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 143))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 140))
                  (i64.extend8_s
                    (local.get 140))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 145
                          (i64.or
                            (i64.and
                              (local.get 138)
                              (local.get 139))
                            (i64.and
                              (i64.or
                                (local.get 138)
                                (local.get 139))
                              (i64.xor
                                (local.get 140)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 145)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 35184355311616)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 69)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 145
            (i64.load8_u
              (local.tee 142
                (i32.add
                  (i32.wrap_i64
                    (local.get 143))
                  (i32.load offset=8200
                    (local.get 144))))))
          (local.set 146
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 147
            (i64.add
              (i64.add
                (local.get 145)
                (local.get 146))
              (i64.const 0)))
          (i64.store8
            (local.get 142)
            (local.get 147))
          (local.set 148
            (local.get 3))
          (local.set 150
            (local.get 148))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 151
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 150))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 150)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 150))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 147))
                  (i64.extend8_s
                    (local.get 147))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 152
                          (i64.or
                            (i64.and
                              (local.get 145)
                              (local.get 146))
                            (i64.and
                              (i64.or
                                (local.get 145)
                                (local.get 146))
                              (i64.xor
                                (local.get 147)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 152)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 30786310897664)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 71)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 152
            (i64.load8_u
              (local.tee 149
                (i32.add
                  (i32.wrap_i64
                    (local.get 150))
                  (i32.load offset=8200
                    (local.get 151))))))
          (local.set 153
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 154
            (i64.add
              (i64.add
                (local.get 152)
                (local.get 153))
              (i64.const 0)))
          (i64.store8
            (local.get 149)
            (local.get 154))
          (local.set 155
            (local.get 3))
          (local.set 157
            (local.get 155))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 158
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 157))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 157)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 157))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 154))
                  (i64.extend8_s
                    (local.get 154))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 159
                          (i64.or
                            (i64.and
                              (local.get 152)
                              (local.get 153))
                            (i64.and
                              (i64.or
                                (local.get 152)
                                (local.get 153))
                              (i64.xor
                                (local.get 154)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 159)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 26388266483712)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 73)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 159
            (i64.load8_u
              (local.tee 156
                (i32.add
                  (i32.wrap_i64
                    (local.get 157))
                  (i32.load offset=8200
                    (local.get 158))))))
          (local.set 160
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 161
            (i64.add
              (i64.add
                (local.get 159)
                (local.get 160))
              (i64.const 0)))
          (i64.store8
            (local.get 156)
            (local.get 161))
          (local.set 162
            (local.get 3))
          (local.set 164
            (local.get 162))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 165
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 164))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 164)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 164))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 161))
                  (i64.extend8_s
                    (local.get 161))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 166
                          (i64.or
                            (i64.and
                              (local.get 159)
                              (local.get 160))
                            (i64.and
                              (i64.or
                                (local.get 159)
                                (local.get 160))
                              (i64.xor
                                (local.get 161)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 166)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 21990222069760)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 75)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 166
            (i64.load8_u
              (local.tee 163
                (i32.add
                  (i32.wrap_i64
                    (local.get 164))
                  (i32.load offset=8200
                    (local.get 165))))))
          (local.set 167
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 168
            (i64.add
              (i64.add
                (local.get 166)
                (local.get 167))
              (i64.const 0)))
          (i64.store8
            (local.get 163)
            (local.get 168))
          (local.set 169
            (local.get 3))
          (local.set 171
            (local.get 169))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 172
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 171))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 171)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 171))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 168))
                  (i64.extend8_s
                    (local.get 168))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 173
                          (i64.or
                            (i64.and
                              (local.get 166)
                              (local.get 167))
                            (i64.and
                              (i64.or
                                (local.get 166)
                                (local.get 167))
                              (i64.xor
                                (local.get 168)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 173)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 17592177655808)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 77)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 173
            (i64.load8_u
              (local.tee 170
                (i32.add
                  (i32.wrap_i64
                    (local.get 171))
                  (i32.load offset=8200
                    (local.get 172))))))
          (local.set 174
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 175
            (i64.add
              (i64.add
                (local.get 173)
                (local.get 174))
              (i64.const 0)))
          (i64.store8
            (local.get 170)
            (local.get 175))
          (local.set 176
            (local.get 3))
          (local.set 178
            (local.get 176))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 179
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 178))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 178)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 178))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 175))
                  (i64.extend8_s
                    (local.get 175))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 180
                          (i64.or
                            (i64.and
                              (local.get 173)
                              (local.get 174))
                            (i64.and
                              (i64.or
                                (local.get 173)
                                (local.get 174))
                              (i64.xor
                                (local.get 175)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 180)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 13194133241856)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 79)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 180
            (i64.load8_u
              (local.tee 177
                (i32.add
                  (i32.wrap_i64
                    (local.get 178))
                  (i32.load offset=8200
                    (local.get 179))))))
          (local.set 181
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 182
            (i64.add
              (i64.add
                (local.get 180)
                (local.get 181))
              (i64.const 0)))
          (i64.store8
            (local.get 177)
            (local.get 182))
          (local.set 183
            (local.get 3))
          (local.set 185
            (local.get 183))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 186
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 185))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 185)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 185))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 182))
                  (i64.extend8_s
                    (local.get 182))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 187
                          (i64.or
                            (i64.and
                              (local.get 180)
                              (local.get 181))
                            (i64.and
                              (i64.or
                                (local.get 180)
                                (local.get 181))
                              (i64.xor
                                (local.get 182)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 187)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 8796088827904)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 81)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 187
            (i64.load8_u
              (local.tee 184
                (i32.add
                  (i32.wrap_i64
                    (local.get 185))
                  (i32.load offset=8200
                    (local.get 186))))))
          (local.set 188
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 189
            (i64.add
              (i64.add
                (local.get 187)
                (local.get 188))
              (i64.const 0)))
          (i64.store8
            (local.get 184)
            (local.get 189))
          (local.set 190
            (local.get 3))
          (local.set 192
            (local.get 190))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 193
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 192))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 192)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 192))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 189))
                  (i64.extend8_s
                    (local.get 189))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 194
                          (i64.or
                            (i64.and
                              (local.get 187)
                              (local.get 188))
                            (i64.and
                              (i64.or
                                (local.get 187)
                                (local.get 188))
                              (i64.xor
                                (local.get 189)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 194)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 4398044413952)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 83)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 194
            (i64.load8_u
              (local.tee 191
                (i32.add
                  (i32.wrap_i64
                    (local.get 192))
                  (i32.load offset=8200
                    (local.get 193))))))
          (local.set 195
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 196
            (i64.add
              (i64.add
                (local.get 194)
                (local.get 195))
              (i64.const 0)))
          (i64.store8
            (local.get 191)
            (local.get 196))
          (local.set 25
            (i64.add
              (local.get 25)
              (i64.const -30786310897664)))
          (if  ;; label = @4
            (i64.lt_s
              (local.get 25)
              (i64.const 0))
            (then
              (local.set 25
                (i64.add
                  (local.get 25)
                  (i64.const 30786310897664)))
              (i64.extend8_s
                (local.get 196))
              (i64.extend8_s
                (local.get 196))
              (local.set 21
                (i64.or
                  (i64.shl
                    (local.tee 197
                      (i64.or
                        (i64.and
                          (local.get 194)
                          (local.get 195))
                        (i64.and
                          (i64.or
                            (local.get 194)
                            (local.get 195))
                          (i64.xor
                            (local.get 196)
                            (i64.const -1)))))
                    (i64.const 56))
                  (i64.and
                    (local.get 197)
                    (i64.const 8))))
              (local.set 20)
              (local.set 19)
              (local.set 28
                (i64.add
                  (local.get 23)
                  (i64.const 85)))
              (local.set 29
                (i32.const 12))
              (br 3 (;@1;))))
          (i64.extend8_s
            (local.get 196))
          (i64.extend8_s
            (local.get 196))
          (local.set 21
            (i64.or
              (i64.shl
                (local.tee 197
                  (i64.or
                    (i64.and
                      (local.get 194)
                      (local.get 195))
                    (i64.and
                      (i64.or
                        (local.get 194)
                        (local.get 195))
                      (i64.xor
                        (local.get 196)
                        (i64.const -1)))))
                (i64.const 56))
              (i64.and
                (local.get 197)
                (i64.const 8))))
          (local.set 20)
          (local.set 19)
          (local.set 30
            (local.get 3))
          (local.set 31
            (local.get 30))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 36
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 31))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 31)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 31))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 30786310897664)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 85)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 32
            (i64.load8_u
              (local.tee 34
                (i32.add
                  (i32.wrap_i64
                    (local.get 31))
                  (i32.load offset=8200
                    (local.get 36))))))
          (local.set 33
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 35
            (i64.add
              (i64.add
                (local.get 32)
                (local.get 33))
              (i64.const 0)))
          (i64.store8
            (local.get 34)
            (local.get 35))
          (local.set 37
            (local.get 3))
          (local.set 39
            (local.get 37))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 41
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 39))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 39)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 39))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 35))
                  (i64.extend8_s
                    (local.get 35))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 40
                          (i64.or
                            (i64.and
                              (local.get 32)
                              (local.get 33))
                            (i64.and
                              (i64.or
                                (local.get 32)
                                (local.get 33))
                              (i64.xor
                                (local.get 35)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 40)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 26388266483712)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 87)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 40
            (i64.load8_u
              (local.tee 38
                (i32.add
                  (i32.wrap_i64
                    (local.get 39))
                  (i32.load offset=8200
                    (local.get 41))))))
          (local.set 42
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 44
            (i64.add
              (i64.add
                (local.get 40)
                (local.get 42))
              (i64.const 0)))
          (i64.store8
            (local.get 38)
            (local.get 44))
          (local.set 45
            (local.get 3))
          (local.set 46
            (local.get 45))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 48
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 46))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 46)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 46))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 44))
                  (i64.extend8_s
                    (local.get 44))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 47
                          (i64.or
                            (i64.and
                              (local.get 40)
                              (local.get 42))
                            (i64.and
                              (i64.or
                                (local.get 40)
                                (local.get 42))
                              (i64.xor
                                (local.get 44)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 47)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 21990222069760)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 89)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 47
            (i64.load8_u
              (local.tee 43
                (i32.add
                  (i32.wrap_i64
                    (local.get 46))
                  (i32.load offset=8200
                    (local.get 48))))))
          (local.set 49
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 51
            (i64.add
              (i64.add
                (local.get 47)
                (local.get 49))
              (i64.const 0)))
          (i64.store8
            (local.get 43)
            (local.get 51))
          (local.set 52
            (local.get 3))
          (local.set 53
            (local.get 52))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 55
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 53))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 53)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 53))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 51))
                  (i64.extend8_s
                    (local.get 51))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 54
                          (i64.or
                            (i64.and
                              (local.get 47)
                              (local.get 49))
                            (i64.and
                              (i64.or
                                (local.get 47)
                                (local.get 49))
                              (i64.xor
                                (local.get 51)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 54)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 17592177655808)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 91)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 54
            (i64.load8_u
              (local.tee 50
                (i32.add
                  (i32.wrap_i64
                    (local.get 53))
                  (i32.load offset=8200
                    (local.get 55))))))
          (local.set 56
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 58
            (i64.add
              (i64.add
                (local.get 54)
                (local.get 56))
              (i64.const 0)))
          (i64.store8
            (local.get 50)
            (local.get 58))
          (local.set 59
            (local.get 3))
          (local.set 60
            (local.get 59))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 62
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 60))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 60)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 60))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 58))
                  (i64.extend8_s
                    (local.get 58))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 61
                          (i64.or
                            (i64.and
                              (local.get 54)
                              (local.get 56))
                            (i64.and
                              (i64.or
                                (local.get 54)
                                (local.get 56))
                              (i64.xor
                                (local.get 58)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 61)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 13194133241856)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 93)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 61
            (i64.load8_u
              (local.tee 57
                (i32.add
                  (i32.wrap_i64
                    (local.get 60))
                  (i32.load offset=8200
                    (local.get 62))))))
          (local.set 63
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 65
            (i64.add
              (i64.add
                (local.get 61)
                (local.get 63))
              (i64.const 0)))
          (i64.store8
            (local.get 57)
            (local.get 65))
          (local.set 66
            (local.get 3))
          (local.set 67
            (local.get 66))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 72
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 67))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 67)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 67))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 65))
                  (i64.extend8_s
                    (local.get 65))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 68
                          (i64.or
                            (i64.and
                              (local.get 61)
                              (local.get 63))
                            (i64.and
                              (i64.or
                                (local.get 61)
                                (local.get 63))
                              (i64.xor
                                (local.get 65)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 68)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 8796088827904)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 95)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 68
            (i64.load8_u
              (local.tee 64
                (i32.add
                  (i32.wrap_i64
                    (local.get 67))
                  (i32.load offset=8200
                    (local.get 72))))))
          (local.set 69
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 70
            (i64.add
              (i64.add
                (local.get 68)
                (local.get 69))
              (i64.const 0)))
          (i64.store8
            (local.get 64)
            (local.get 70))
          (local.set 71
            (local.get 3))
          (local.set 73
            (local.get 71))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 79
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 73))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 73)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 73))
              (if  ;; label = @5
                (call 0
                  (local.get 0)
                  (i32.const 261))
                (then
                  (i64.extend8_s
                    (local.get 70))
                  (i64.extend8_s
                    (local.get 70))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 75
                          (i64.or
                            (i64.and
                              (local.get 68)
                              (local.get 69))
                            (i64.and
                              (i64.or
                                (local.get 68)
                                (local.get 69))
                              (i64.xor
                                (local.get 70)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 75)
                        (i64.const 8))))
                  (local.set 20)
                  (local.set 19)
                  (local.set 25
                    (i64.add
                      (local.get 25)
                      (i64.const 4398044413952)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 97)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 75
            (i64.load8_u
              (local.tee 74
                (i32.add
                  (i32.wrap_i64
                    (local.get 73))
                  (i32.load offset=8200
                    (local.get 79))))))
          (local.set 76
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 77
            (i64.add
              (i64.add
                (local.get 75)
                (local.get 76))
              (i64.const 0)))
          (i64.store8
            (local.get 74)
            (local.get 77))
          (i64.extend8_s
            (local.get 77))
          (i64.extend8_s
            (local.get 77))
          (local.set 21
            (i64.or
              (i64.shl
                (local.tee 78
                  (i64.or
                    (i64.and
                      (local.get 75)
                      (local.get 76))
                    (i64.and
                      (i64.or
                        (local.get 75)
                        (local.get 76))
                      (i64.xor
                        (local.get 77)
                        (i64.const -1)))))
                (i64.const 56))
              (i64.and
                (local.get 78)
                (i64.const 8))))
          (local.set 20)
          (local.set 19)
          (local.set 28
            (i64.add
              (local.get 23)
              (i64.const 99)))
          (local.set 29
            (i32.const 1))
          (br 2 (;@1;)))
        (local.set 28
          (i64.add
            (local.get 23)
            (i64.const 48)))
        (local.set 29
          (i32.const 12))
        (br 1 (;@1;))))
    (i64.store offset=48
      (local.get 0)
      (local.get 9))
    (i64.store
      (local.get 0)
      (local.get 3))
    (i64.store offset=24
      (local.get 0)
      (local.get 6))
    (i64.store offset=16
      (local.get 0)
      (local.get 5))
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
