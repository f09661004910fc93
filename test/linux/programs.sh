# Programs of Debian and what they print: with the same files, the same wherever they run. KEY names a private key.
/usr/bin/seq 1 30000 > numbers; /usr/bin/seq 0.1 0.37 900 > fractions
export OPENSSL_CONF=/dev/null LC_ALL=C
for digest in md5 sha1 sha256 sha512 sha3-256 blake2b512 ripemd160 sm3; do /usr/bin/openssl dgst -$digest -r numbers; done
K=000102030405060708090a0b0c0d0e0f; V=f0e0d0c0b0a090807060504030201000
for cipher in aes-128-cbc aes-128-ctr camellia-128-cbc sm4-cbc; do
  /usr/bin/openssl enc -$cipher -K $K -iv $V -in numbers -out sealed && /usr/bin/openssl enc -d -$cipher -K $K -iv $V -in sealed | /usr/bin/cmp - numbers && /usr/bin/openssl dgst -sha256 -r sealed
done
/usr/bin/openssl enc -chacha20 -K $K$K -iv $V -in numbers | /usr/bin/openssl dgst -sha256 -r
for n in 1000003 1000001 170141183460469231731687303715884105727; do /usr/bin/openssl prime $n; done
/usr/bin/openssl dgst -sha256 -sign $KEY -hex numbers
/usr/bin/openssl dgst -sha256 -sign $KEY -out signature numbers && /usr/bin/openssl dgst -sha256 -prverify $KEY -signature signature numbers
/usr/bin/gzip -9nc numbers > packed.gz; /usr/bin/xz -6c numbers > packed.xz; /usr/bin/bzip2 -9c numbers > packed.bz2; /usr/bin/zstd -q9c numbers > packed.zst; /usr/bin/lz4 -q9c numbers > packed.lz4
/usr/bin/cksum packed.*
/usr/bin/gzip -dc packed.gz | /usr/bin/cmp - numbers; /usr/bin/xz -dc packed.xz | /usr/bin/cmp - numbers; /usr/bin/bzip2 -dc packed.bz2 | /usr/bin/cmp - numbers
/usr/bin/zstd -qdc packed.zst | /usr/bin/cmp - numbers; /usr/bin/lz4 -qdc packed.lz4 | /usr/bin/cmp - numbers
/usr/bin/sort -r numbers | /usr/bin/md5sum; /usr/bin/sort -g fractions numbers | /usr/bin/uniq | /usr/bin/md5sum; /usr/bin/sort -n -k1.2 numbers | /usr/bin/sha1sum
/usr/bin/printf '%.25g %La %.30Lf\n' 0.1 3.3 2.7182818284590452353602874713527; /usr/bin/tail -n 2 fractions
/usr/bin/factor 1234567890123456789 18446744073709551557 600851475143; /usr/bin/numfmt --to=iec 123456789 --format=%.3f
echo 'scale=60; 4*a(1); e(1); l(2); s(0.5); sqrt(2); 2^200 % 1000007' | /usr/bin/bc -l
/usr/bin/mawk 'BEGIN { for (i = 1; i < 30000; i++) { s += i * i / 7; t = t + (i % 13); r = r + sqrt(i) } printf "%.17g %d %.17g\n", s, t, r }'
/usr/bin/perl -e '
  my %h; my $x = 1; for (1 .. 20000) { $x = ($x * 1103515245 + 12345) % 2147483648; $h{$x % 997}++; $s .= chr(33 + $x % 90) if $_ % 7 == 0 }
  print join(",", (map { "$_=$h{$_}" } sort { $h{$b} <=> $h{$a} || $a <=> $b } keys %h)[0 .. 9]), "\n";
  print unpack("%32C*", $s), " ", scalar(() = $s =~ /[a-f]+/g), " ", ($s =~ /(([A-M]).{3,9}?\2)/)[0], "\n";
  printf "%.17g %e %x %b %s\n", 355 / 113, 2 ** 0.5, 3735928559, 2989, join ":", reverse split //, "guest";
  my ($a, $b) = (1, 1); ($a, $b) = ($b, ($a + $b) % 1000000007) for 1 .. 100000; print "$a ", 7 ** 11, " ", int(1e15 / 7), " ", -7 % 3, "\n";
'
