/**
 * Makes real-code.bin from real-code.c: `npm run real-code`. It needs gcc and binutils on x86-64; what it writes is
 * committed, so that no test needs them.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = 'test/differential';
/** Frames and no frames, large and small, with and without SSE, for several models of linking, with features of later processors. */
const FLAGS = [
  '-O0', '-O1', '-O2', '-O3', '-Os', '-O2 -mgeneral-regs-only -mno-sse', '-O0 -mgeneral-regs-only -fPIC',
  '-O2 -mgeneral-regs-only -mcmodel=large', '-Os -mgeneral-regs-only -fstack-protector-all -fcf-protection=full',
  '-O2 -mgeneral-regs-only -mmovbe -mpopcnt -mcx16', '-O1 -mgeneral-regs-only -fno-jump-tables -fno-omit-frame-pointer -ftrapv',
  '-O3 -march=haswell -mgeneral-regs-only',
];

const work = mkdtempSync(join(tmpdir(), 'real-code-'));
try {
  const code = FLAGS.map((flags) => {
    const [program, text] = [join(work, 'program'), join(work, 'text')];
    const linked = ['-ffreestanding', '-nostdlib', '-static', '-no-pie', '-Wl,-e,0', '-Wl,--unresolved-symbols=ignore-all'];
    execFileSync('gcc', [...flags.split(' '), ...linked, '-o', program, join(folder, 'real-code.c')], { stdio: 'inherit' });
    execFileSync('objcopy', ['-O', 'binary', '-j', '.text', program, text]);
    const bytes = readFileSync(text);
    console.log(`${bytes.length} bytes with ${flags}`);
    return bytes;
  });
  writeFileSync(join(folder, 'real-code.bin'), Buffer.concat(code));
} finally {
  rmSync(work, { recursive: true });
}
