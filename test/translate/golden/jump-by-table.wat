(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (import "env" "fill" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 1))
  (func (;1;) (type 0) (param i32 i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i64 i64 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i32 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i64)
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
                        (local.tee 37
                          (call 0
                            (local.get 0)
                            (i32.const 288)))
                        (then
                          (if  ;; label = @10
                            (i32.ne
                              (local.get 37)
                              (i32.const 14))
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
                              (br 9 (;@1;))))
                          (local.set 36
                            (i32.add
                              (local.get 0)
                              (i32.const 1632)))))))
                  (local.set 38
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
                            (local.get 38)
                            (i64.const 16))
                          (i64.const 16))
                        (local.get 38)))
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
                    (local.get 38))
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
                                    (local.tee 38
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
                                    (local.get 38)
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
                                (local.tee 38
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
                                (local.get 38)
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
                            (local.tee 38
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
                            (local.get 38)
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
                (local.tee 37
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
                (local.tee 39
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
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
                    (local.get 37))))))
          (local.set 38
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 40
            (i64.add
              (i64.add
                (local.get 35)
                (local.get 38))
              (i64.const 0)))
          (i64.store8
            (local.get 36)
            (local.get 40))
          (local.set 41
            (local.get 10))
          (local.set 43
            (local.get 41))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 44
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 43))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 43)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 43))
              (if  ;; label = @5
                (local.tee 45
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 40))
                  (i64.extend8_s
                    (local.get 40))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 46
                          (i64.or
                            (i64.and
                              (local.get 35)
                              (local.get 38))
                            (i64.and
                              (i64.or
                                (local.get 35)
                                (local.get 38))
                              (i64.xor
                                (local.get 40)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 46)
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
          (local.set 46
            (i64.load8_u
              (local.tee 42
                (i32.add
                  (i32.wrap_i64
                    (local.get 43))
                  (i32.load offset=8200
                    (local.get 44))))))
          (local.set 47
            (i64.and
              (local.get 4)
              (i64.const 255)))
          (local.set 48
            (i64.add
              (i64.add
                (local.get 46)
                (local.get 47))
              (i64.const 0)))
          (i64.store8
            (local.get 42)
            (local.get 48))
          (local.set 49
            (local.get 3))
          (local.set 51
            (local.get 49))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 52
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 51))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 51)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 51))
              (if  ;; label = @5
                (local.tee 53
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 48))
                  (i64.extend8_s
                    (local.get 48))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 54
                          (i64.or
                            (i64.and
                              (local.get 46)
                              (local.get 47))
                            (i64.and
                              (i64.or
                                (local.get 46)
                                (local.get 47))
                              (i64.xor
                                (local.get 48)
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
                      (i64.const 96756977106944)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 41)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 54
            (i64.load8_u
              (local.tee 50
                (i32.add
                  (i32.wrap_i64
                    (local.get 51))
                  (i32.load offset=8200
                    (local.get 52))))))
          (local.set 55
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 56
            (i64.add
              (i64.add
                (local.get 54)
                (local.get 55))
              (i64.const 0)))
          (i64.store8
            (local.get 50)
            (local.get 56))
          (local.set 57
            (local.get 3))
          (local.set 59
            (local.get 57))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 60
                  (i32.add
                    (local.get 22)
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
                (local.tee 61
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 56))
                  (i64.extend8_s
                    (local.get 56))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 62
                          (i64.or
                            (i64.and
                              (local.get 54)
                              (local.get 55))
                            (i64.and
                              (i64.or
                                (local.get 54)
                                (local.get 55))
                              (i64.xor
                                (local.get 56)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 62)
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
          (local.set 62
            (i64.load8_u
              (local.tee 58
                (i32.add
                  (i32.wrap_i64
                    (local.get 59))
                  (i32.load offset=8200
                    (local.get 60))))))
          (local.set 63
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 64
            (i64.add
              (i64.add
                (local.get 62)
                (local.get 63))
              (i64.const 0)))
          (i64.store8
            (local.get 58)
            (local.get 64))
          (local.set 65
            (local.get 3))
          (local.set 67
            (local.get 65))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 68
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
                (local.tee 69
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 64))
                  (i64.extend8_s
                    (local.get 64))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 70
                          (i64.or
                            (i64.and
                              (local.get 62)
                              (local.get 63))
                            (i64.and
                              (i64.or
                                (local.get 62)
                                (local.get 63))
                              (i64.xor
                                (local.get 64)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 70)
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
          (local.set 70
            (i64.load8_u
              (local.tee 66
                (i32.add
                  (i32.wrap_i64
                    (local.get 67))
                  (i32.load offset=8200
                    (local.get 68))))))
          (local.set 71
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 72
            (i64.add
              (i64.add
                (local.get 70)
                (local.get 71))
              (i64.const 0)))
          (i64.store8
            (local.get 66)
            (local.get 72))
          (local.set 73
            (i64.and
              (i64.shr_u
                (local.get 3)
                (i64.const 8))
              (i64.const 255)))
          (local.set 74
            (i64.and
              (i64.shr_u
                (local.get 5)
                (i64.const 8))
              (i64.const 255)))
          (local.set 75
            (i64.add
              (i64.add
                (local.get 73)
                (local.get 74))
              (i64.const 0)))
          (local.set 3
            (i64.or
              (i64.and
                (local.get 3)
                (i64.const -65281))
              (i64.shl
                (i64.and
                  (local.get 75)
                  (i64.const 255))
                (i64.const 8))))
          (local.set 76
            (local.get 3))
          (local.set 78
            (local.get 76))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 79
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 78))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 78)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 78))
              (if  ;; label = @5
                (local.tee 80
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 75))
                  (i64.extend8_s
                    (local.get 75))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 81
                          (i64.or
                            (i64.and
                              (local.get 73)
                              (local.get 74))
                            (i64.and
                              (i64.or
                                (local.get 73)
                                (local.get 74))
                              (i64.xor
                                (local.get 75)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 81)
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
          (local.set 81
            (i64.load8_u
              (local.tee 77
                (i32.add
                  (i32.wrap_i64
                    (local.get 78))
                  (i32.load offset=8200
                    (local.get 79))))))
          (local.set 82
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 83
            (i64.add
              (i64.add
                (local.get 81)
                (local.get 82))
              (i64.const 0)))
          (i64.store8
            (local.get 77)
            (local.get 83))
          (local.set 84
            (local.get 3))
          (local.set 86
            (local.get 84))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 87
                  (i32.add
                    (local.get 22)
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
                (local.tee 88
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 83))
                  (i64.extend8_s
                    (local.get 83))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 89
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
                        (local.get 89)
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
          (local.set 89
            (i64.load8_u
              (local.tee 85
                (i32.add
                  (i32.wrap_i64
                    (local.get 86))
                  (i32.load offset=8200
                    (local.get 87))))))
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
            (local.get 85)
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
                (local.tee 96
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 91))
                  (i64.extend8_s
                    (local.get 91))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 97
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
                        (local.get 97)
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
          (local.set 97
            (i64.load8_u
              (local.tee 93
                (i32.add
                  (i32.wrap_i64
                    (local.get 94))
                  (i32.load offset=8200
                    (local.get 95))))))
          (local.set 98
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 99
            (i64.add
              (i64.add
                (local.get 97)
                (local.get 98))
              (i64.const 0)))
          (i64.store8
            (local.get 93)
            (local.get 99))
          (local.set 100
            (local.get 3))
          (local.set 102
            (local.get 100))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 103
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 102))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 102)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 102))
              (if  ;; label = @5
                (local.tee 104
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 99))
                  (i64.extend8_s
                    (local.get 99))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 105
                          (i64.or
                            (i64.and
                              (local.get 97)
                              (local.get 98))
                            (i64.and
                              (i64.or
                                (local.get 97)
                                (local.get 98))
                              (i64.xor
                                (local.get 99)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 105)
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
          (local.set 105
            (i64.load8_u
              (local.tee 101
                (i32.add
                  (i32.wrap_i64
                    (local.get 102))
                  (i32.load offset=8200
                    (local.get 103))))))
          (local.set 106
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 107
            (i64.add
              (i64.add
                (local.get 105)
                (local.get 106))
              (i64.const 0)))
          (i64.store8
            (local.get 101)
            (local.get 107))
          (local.set 108
            (local.get 3))
          (local.set 110
            (local.get 108))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 111
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 110))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 110)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 110))
              (if  ;; label = @5
                (local.tee 112
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 107))
                  (i64.extend8_s
                    (local.get 107))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 113
                          (i64.or
                            (i64.and
                              (local.get 105)
                              (local.get 106))
                            (i64.and
                              (i64.or
                                (local.get 105)
                                (local.get 106))
                              (i64.xor
                                (local.get 107)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 113)
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
          (local.set 113
            (i64.load8_u
              (local.tee 109
                (i32.add
                  (i32.wrap_i64
                    (local.get 110))
                  (i32.load offset=8200
                    (local.get 111))))))
          (local.set 114
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 115
            (i64.add
              (i64.add
                (local.get 113)
                (local.get 114))
              (i64.const 0)))
          (i64.store8
            (local.get 109)
            (local.get 115))
          (local.set 116
            (local.get 3))
          (local.set 118
            (local.get 116))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 119
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 118))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 118)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 118))
              (if  ;; label = @5
                (local.tee 120
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 115))
                  (i64.extend8_s
                    (local.get 115))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 121
                          (i64.or
                            (i64.and
                              (local.get 113)
                              (local.get 114))
                            (i64.and
                              (i64.or
                                (local.get 113)
                                (local.get 114))
                              (i64.xor
                                (local.get 115)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 121)
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
          (local.set 121
            (i64.load8_u
              (local.tee 117
                (i32.add
                  (i32.wrap_i64
                    (local.get 118))
                  (i32.load offset=8200
                    (local.get 119))))))
          (local.set 122
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 123
            (i64.add
              (i64.add
                (local.get 121)
                (local.get 122))
              (i64.const 0)))
          (i64.store8
            (local.get 117)
            (local.get 123))
          (local.set 124
            (local.get 3))
          (local.set 126
            (local.get 124))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 127
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 126))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 126)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 126))
              (if  ;; label = @5
                (local.tee 128
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 123))
                  (i64.extend8_s
                    (local.get 123))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 129
                          (i64.or
                            (i64.and
                              (local.get 121)
                              (local.get 122))
                            (i64.and
                              (i64.or
                                (local.get 121)
                                (local.get 122))
                              (i64.xor
                                (local.get 123)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 129)
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
          (local.set 129
            (i64.load8_u
              (local.tee 125
                (i32.add
                  (i32.wrap_i64
                    (local.get 126))
                  (i32.load offset=8200
                    (local.get 127))))))
          (local.set 130
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 131
            (i64.add
              (i64.add
                (local.get 129)
                (local.get 130))
              (i64.const 0)))
          (i64.store8
            (local.get 125)
            (local.get 131))
          (local.set 132
            (local.get 3))
          (local.set 134
            (local.get 132))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 135
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 134))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 134)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 134))
              (if  ;; label = @5
                (local.tee 136
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 131))
                  (i64.extend8_s
                    (local.get 131))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 137
                          (i64.or
                            (i64.and
                              (local.get 129)
                              (local.get 130))
                            (i64.and
                              (i64.or
                                (local.get 129)
                                (local.get 130))
                              (i64.xor
                                (local.get 131)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 137)
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
          (local.set 137
            (i64.load8_u
              (local.tee 133
                (i32.add
                  (i32.wrap_i64
                    (local.get 134))
                  (i32.load offset=8200
                    (local.get 135))))))
          (local.set 138
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 139
            (i64.add
              (i64.add
                (local.get 137)
                (local.get 138))
              (i64.const 0)))
          (i64.store8
            (local.get 133)
            (local.get 139))
          (local.set 140
            (local.get 3))
          (local.set 142
            (local.get 140))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 143
                  (i32.add
                    (local.get 22)
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
                (local.tee 144
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 139))
                  (i64.extend8_s
                    (local.get 139))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 145
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
                        (local.get 145)
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
          (local.set 145
            (i64.load8_u
              (local.tee 141
                (i32.add
                  (i32.wrap_i64
                    (local.get 142))
                  (i32.load offset=8200
                    (local.get 143))))))
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
            (local.get 141)
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
                (local.tee 152
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 147))
                  (i64.extend8_s
                    (local.get 147))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 153
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
                        (local.get 153)
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
          (local.set 153
            (i64.load8_u
              (local.tee 149
                (i32.add
                  (i32.wrap_i64
                    (local.get 150))
                  (i32.load offset=8200
                    (local.get 151))))))
          (local.set 154
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 155
            (i64.add
              (i64.add
                (local.get 153)
                (local.get 154))
              (i64.const 0)))
          (i64.store8
            (local.get 149)
            (local.get 155))
          (local.set 156
            (local.get 3))
          (local.set 158
            (local.get 156))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 159
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 158))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 158)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 158))
              (if  ;; label = @5
                (local.tee 160
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 155))
                  (i64.extend8_s
                    (local.get 155))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 161
                          (i64.or
                            (i64.and
                              (local.get 153)
                              (local.get 154))
                            (i64.and
                              (i64.or
                                (local.get 153)
                                (local.get 154))
                              (i64.xor
                                (local.get 155)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 161)
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
          (local.set 161
            (i64.load8_u
              (local.tee 157
                (i32.add
                  (i32.wrap_i64
                    (local.get 158))
                  (i32.load offset=8200
                    (local.get 159))))))
          (local.set 162
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 163
            (i64.add
              (i64.add
                (local.get 161)
                (local.get 162))
              (i64.const 0)))
          (i64.store8
            (local.get 157)
            (local.get 163))
          (local.set 164
            (local.get 3))
          (local.set 166
            (local.get 164))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 167
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 166))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 166)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 166))
              (if  ;; label = @5
                (local.tee 168
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 163))
                  (i64.extend8_s
                    (local.get 163))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 169
                          (i64.or
                            (i64.and
                              (local.get 161)
                              (local.get 162))
                            (i64.and
                              (i64.or
                                (local.get 161)
                                (local.get 162))
                              (i64.xor
                                (local.get 163)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 169)
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
          (local.set 169
            (i64.load8_u
              (local.tee 165
                (i32.add
                  (i32.wrap_i64
                    (local.get 166))
                  (i32.load offset=8200
                    (local.get 167))))))
          (local.set 170
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 171
            (i64.add
              (i64.add
                (local.get 169)
                (local.get 170))
              (i64.const 0)))
          (i64.store8
            (local.get 165)
            (local.get 171))
          (local.set 172
            (local.get 3))
          (local.set 174
            (local.get 172))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 175
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 174))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 174)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 174))
              (if  ;; label = @5
                (local.tee 176
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 171))
                  (i64.extend8_s
                    (local.get 171))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 177
                          (i64.or
                            (i64.and
                              (local.get 169)
                              (local.get 170))
                            (i64.and
                              (i64.or
                                (local.get 169)
                                (local.get 170))
                              (i64.xor
                                (local.get 171)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 177)
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
          (local.set 177
            (i64.load8_u
              (local.tee 173
                (i32.add
                  (i32.wrap_i64
                    (local.get 174))
                  (i32.load offset=8200
                    (local.get 175))))))
          (local.set 178
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 179
            (i64.add
              (i64.add
                (local.get 177)
                (local.get 178))
              (i64.const 0)))
          (i64.store8
            (local.get 173)
            (local.get 179))
          (local.set 180
            (local.get 3))
          (local.set 182
            (local.get 180))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 183
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 182))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 182)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 182))
              (if  ;; label = @5
                (local.tee 184
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 179))
                  (i64.extend8_s
                    (local.get 179))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 185
                          (i64.or
                            (i64.and
                              (local.get 177)
                              (local.get 178))
                            (i64.and
                              (i64.or
                                (local.get 177)
                                (local.get 178))
                              (i64.xor
                                (local.get 179)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 185)
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
          (local.set 185
            (i64.load8_u
              (local.tee 181
                (i32.add
                  (i32.wrap_i64
                    (local.get 182))
                  (i32.load offset=8200
                    (local.get 183))))))
          (local.set 186
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 187
            (i64.add
              (i64.add
                (local.get 185)
                (local.get 186))
              (i64.const 0)))
          (i64.store8
            (local.get 181)
            (local.get 187))
          (local.set 188
            (local.get 3))
          (local.set 190
            (local.get 188))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 191
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 190))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 190)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 190))
              (if  ;; label = @5
                (local.tee 192
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 187))
                  (i64.extend8_s
                    (local.get 187))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 193
                          (i64.or
                            (i64.and
                              (local.get 185)
                              (local.get 186))
                            (i64.and
                              (i64.or
                                (local.get 185)
                                (local.get 186))
                              (i64.xor
                                (local.get 187)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 193)
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
          (local.set 193
            (i64.load8_u
              (local.tee 189
                (i32.add
                  (i32.wrap_i64
                    (local.get 190))
                  (i32.load offset=8200
                    (local.get 191))))))
          (local.set 194
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 195
            (i64.add
              (i64.add
                (local.get 193)
                (local.get 194))
              (i64.const 0)))
          (i64.store8
            (local.get 189)
            (local.get 195))
          (local.set 196
            (local.get 3))
          (local.set 198
            (local.get 196))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 199
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 198))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 198)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 198))
              (if  ;; label = @5
                (local.tee 200
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 195))
                  (i64.extend8_s
                    (local.get 195))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 201
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
                        (local.get 201)
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
          (local.set 201
            (i64.load8_u
              (local.tee 197
                (i32.add
                  (i32.wrap_i64
                    (local.get 198))
                  (i32.load offset=8200
                    (local.get 199))))))
          (local.set 202
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 203
            (i64.add
              (i64.add
                (local.get 201)
                (local.get 202))
              (i64.const 0)))
          (i64.store8
            (local.get 197)
            (local.get 203))
          (local.set 204
            (local.get 3))
          (local.set 206
            (local.get 204))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 207
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 206))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 206)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 206))
              (if  ;; label = @5
                (local.tee 208
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 203))
                  (i64.extend8_s
                    (local.get 203))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 209
                          (i64.or
                            (i64.and
                              (local.get 201)
                              (local.get 202))
                            (i64.and
                              (i64.or
                                (local.get 201)
                                (local.get 202))
                              (i64.xor
                                (local.get 203)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 209)
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
          (local.set 209
            (i64.load8_u
              (local.tee 205
                (i32.add
                  (i32.wrap_i64
                    (local.get 206))
                  (i32.load offset=8200
                    (local.get 207))))))
          (local.set 210
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 211
            (i64.add
              (i64.add
                (local.get 209)
                (local.get 210))
              (i64.const 0)))
          (i64.store8
            (local.get 205)
            (local.get 211))
          (local.set 212
            (local.get 3))
          (local.set 214
            (local.get 212))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 215
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 214))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 214)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 214))
              (if  ;; label = @5
                (local.tee 216
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 211))
                  (i64.extend8_s
                    (local.get 211))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 217
                          (i64.or
                            (i64.and
                              (local.get 209)
                              (local.get 210))
                            (i64.and
                              (i64.or
                                (local.get 209)
                                (local.get 210))
                              (i64.xor
                                (local.get 211)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 217)
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
          (local.set 217
            (i64.load8_u
              (local.tee 213
                (i32.add
                  (i32.wrap_i64
                    (local.get 214))
                  (i32.load offset=8200
                    (local.get 215))))))
          (local.set 218
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 219
            (i64.add
              (i64.add
                (local.get 217)
                (local.get 218))
              (i64.const 0)))
          (i64.store8
            (local.get 213)
            (local.get 219))
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
                (local.get 219))
              (i64.extend8_s
                (local.get 219))
              (local.set 21
                (i64.or
                  (i64.shl
                    (local.tee 220
                      (i64.or
                        (i64.and
                          (local.get 217)
                          (local.get 218))
                        (i64.and
                          (i64.or
                            (local.get 217)
                            (local.get 218))
                          (i64.xor
                            (local.get 219)
                            (i64.const -1)))))
                    (i64.const 56))
                  (i64.and
                    (local.get 220)
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
            (local.get 219))
          (i64.extend8_s
            (local.get 219))
          (local.set 21
            (i64.or
              (i64.shl
                (local.tee 220
                  (i64.or
                    (i64.and
                      (local.get 217)
                      (local.get 218))
                    (i64.and
                      (i64.or
                        (local.get 217)
                        (local.get 218))
                      (i64.xor
                        (local.get 219)
                        (i64.const -1)))))
                (i64.const 56))
              (i64.and
                (local.get 220)
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
                (local.tee 37
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
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
          (local.set 38
            (local.get 3))
          (local.set 40
            (local.get 38))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 42
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 40))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 40)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 40))
              (if  ;; label = @5
                (local.tee 44
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 35))
                  (i64.extend8_s
                    (local.get 35))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 41
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
                        (local.get 41)
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
          (local.set 41
            (i64.load8_u
              (local.tee 39
                (i32.add
                  (i32.wrap_i64
                    (local.get 40))
                  (i32.load offset=8200
                    (local.get 42))))))
          (local.set 43
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 46
            (i64.add
              (i64.add
                (local.get 41)
                (local.get 43))
              (i64.const 0)))
          (i64.store8
            (local.get 39)
            (local.get 46))
          (local.set 47
            (local.get 3))
          (local.set 48
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
                (local.tee 52
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 46))
                  (i64.extend8_s
                    (local.get 46))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 49
                          (i64.or
                            (i64.and
                              (local.get 41)
                              (local.get 43))
                            (i64.and
                              (i64.or
                                (local.get 41)
                                (local.get 43))
                              (i64.xor
                                (local.get 46)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 49)
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
          (local.set 49
            (i64.load8_u
              (local.tee 45
                (i32.add
                  (i32.wrap_i64
                    (local.get 48))
                  (i32.load offset=8200
                    (local.get 50))))))
          (local.set 51
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 54
            (i64.add
              (i64.add
                (local.get 49)
                (local.get 51))
              (i64.const 0)))
          (i64.store8
            (local.get 45)
            (local.get 54))
          (local.set 55
            (local.get 3))
          (local.set 56
            (local.get 55))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 58
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
                (local.tee 60
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 54))
                  (i64.extend8_s
                    (local.get 54))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 57
                          (i64.or
                            (i64.and
                              (local.get 49)
                              (local.get 51))
                            (i64.and
                              (i64.or
                                (local.get 49)
                                (local.get 51))
                              (i64.xor
                                (local.get 54)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 57)
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
          (local.set 57
            (i64.load8_u
              (local.tee 53
                (i32.add
                  (i32.wrap_i64
                    (local.get 56))
                  (i32.load offset=8200
                    (local.get 58))))))
          (local.set 59
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 62
            (i64.add
              (i64.add
                (local.get 57)
                (local.get 59))
              (i64.const 0)))
          (i64.store8
            (local.get 53)
            (local.get 62))
          (local.set 63
            (local.get 3))
          (local.set 64
            (local.get 63))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 66
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 64))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 64)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 64))
              (if  ;; label = @5
                (local.tee 68
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 62))
                  (i64.extend8_s
                    (local.get 62))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 65
                          (i64.or
                            (i64.and
                              (local.get 57)
                              (local.get 59))
                            (i64.and
                              (i64.or
                                (local.get 57)
                                (local.get 59))
                              (i64.xor
                                (local.get 62)
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
                      (i64.const 13194133241856)))
                  (local.set 28
                    (i64.add
                      (local.get 23)
                      (i64.const 93)))
                  (local.set 29
                    (i32.const 12))
                  (br 4 (;@1;))))))
          (local.set 65
            (i64.load8_u
              (local.tee 61
                (i32.add
                  (i32.wrap_i64
                    (local.get 64))
                  (i32.load offset=8200
                    (local.get 66))))))
          (local.set 67
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 70
            (i64.add
              (i64.add
                (local.get 65)
                (local.get 67))
              (i64.const 0)))
          (i64.store8
            (local.get 61)
            (local.get 70))
          (local.set 71
            (local.get 3))
          (local.set 72
            (local.get 71))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 77
                  (i32.add
                    (local.get 22)
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
                (local.tee 79
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 70))
                  (i64.extend8_s
                    (local.get 70))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 73
                          (i64.or
                            (i64.and
                              (local.get 65)
                              (local.get 67))
                            (i64.and
                              (i64.or
                                (local.get 65)
                                (local.get 67))
                              (i64.xor
                                (local.get 70)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 73)
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
          (local.set 73
            (i64.load8_u
              (local.tee 69
                (i32.add
                  (i32.wrap_i64
                    (local.get 72))
                  (i32.load offset=8200
                    (local.get 77))))))
          (local.set 74
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 75
            (i64.add
              (i64.add
                (local.get 73)
                (local.get 74))
              (i64.const 0)))
          (i64.store8
            (local.get 69)
            (local.get 75))
          (local.set 76
            (local.get 3))
          (local.set 78
            (local.get 76))
          (if  ;; label = @4
            (i64.ne
              (i64.load offset=8192
                (local.tee 85
                  (i32.add
                    (local.get 22)
                    (i32.and
                      (i32.shr_u
                        (i32.wrap_i64
                          (local.get 78))
                        (i32.const 8))
                      (i32.const 8176)))))
              (i64.and
                (local.get 78)
                (i64.const -4096)))
            (then
              (i64.store offset=216
                (local.get 0)
                (local.get 78))
              (if  ;; label = @5
                (local.tee 87
                  (call 0
                    (local.get 0)
                    (i32.const 261)))
                (then
                  (i64.extend8_s
                    (local.get 75))
                  (i64.extend8_s
                    (local.get 75))
                  (local.set 21
                    (i64.or
                      (i64.shl
                        (local.tee 81
                          (i64.or
                            (i64.and
                              (local.get 73)
                              (local.get 74))
                            (i64.and
                              (i64.or
                                (local.get 73)
                                (local.get 74))
                              (i64.xor
                                (local.get 75)
                                (i64.const -1)))))
                        (i64.const 56))
                      (i64.and
                        (local.get 81)
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
          (local.set 81
            (i64.load8_u
              (local.tee 80
                (i32.add
                  (i32.wrap_i64
                    (local.get 78))
                  (i32.load offset=8200
                    (local.get 85))))))
          (local.set 82
            (i64.and
              (local.get 3)
              (i64.const 255)))
          (local.set 83
            (i64.add
              (i64.add
                (local.get 81)
                (local.get 82))
              (i64.const 0)))
          (i64.store8
            (local.get 80)
            (local.get 83))
          (i64.extend8_s
            (local.get 83))
          (i64.extend8_s
            (local.get 83))
          (local.set 21
            (i64.or
              (i64.shl
                (local.tee 84
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
                (local.get 84)
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
