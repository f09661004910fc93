/** Instructions on single flags, and those that do nothing. */
import { UD } from '../../fault.ts';
import { AC, CF, DF, IF, IOPL } from '../../flags.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Semantics } from '../lift.ts';

const nothing: Semantics = () => {};
const setAc = (value: number): Semantics => (u) => {
  u.faultIf(u.not(u.isZero(u.cpl())), UD);
  u.setSystem(AC, value);
  u.applyRights();
};

export const FLAG: readonly Instruction[] = [
  define('CLC', ['F8'], (u) => u.setFlag(CF, u.never())),
  define('STC', ['F9'], (u) => u.setFlag(CF, u.not(u.never()))),
  define('CMC', ['F5'], (u) => u.setFlag(CF, u.not(u.carry()))),
  define('CLD', ['FC'], (u) => u.setSystem(DF, 0)),
  define('STD', ['FD'], (u) => u.setSystem(DF, DF)),
  define('CLI', ['FA'], (u) => {
    u.faultIf(u.below(u.shr(u.system(IOPL), 12), u.cpl()));
    u.setSystem(IF, 0);
  }),
  microcoded('STI', ['FB'], 'simple'),
  define('CLAC', ['NP 0F 01 /1 r/m=2'], setAc(0), { feature: 'SMAP' }),
  define('STAC', ['NP 0F 01 /1 r/m=3'], setAc(AC), { feature: 'SMAP' }),
  define('NOP', ['90 | | nob', '0F 1F /0 | r/m'], nothing),
  define('PAUSE', ['F3 90'], nothing, { cost: 'pause' }),
  define('ENDBR64', ['F3 0F 1E /7 r/m=2 | | nob'], nothing),
  define('ENDBR32', ['F3 0F 1E /7 r/m=3 | | nob'], nothing),
  // Hints: each may be done by doing nothing, and touches no memory. SDM: "PREFETCHh", "PREFETCHW", opcode map.
  define('PREFETCHNTA', ['0F 18 /0 | m8'], nothing),
  define('PREFETCHT0', ['0F 18 /1 | m8'], nothing),
  define('PREFETCHT1', ['0F 18 /2 | m8'], nothing),
  define('PREFETCHT2', ['0F 18 /3 | m8'], nothing),
  define('PREFETCHW', ['0F 0D /1 | m8'], nothing),
  define('PREFETCH', [
    '0F 0D /0 | m8', '0F 0D /2 | m8', '0F 0D /3 | m8', '0F 0D /4 | m8', '0F 0D /5 | m8', '0F 0D /6 | m8', '0F 0D /7 | m8',
  ], nothing),
  // The first is what the assembler takes: it is a NOP with every operand.
  define('RESERVEDNOP', [
    '0F 19 /r | r/m, r', '0F 0D /r mod=reg | r/m, r', '0F 18 /r | r/m, r', '0F 1A /r | r/m, r', '0F 1B /r | r/m, r',
    '0F 1C /r | r/m, r', '0F 1D /r | r/m, r', '0F 1E /r | r/m, r', '0F 1F /r | r/m, r',
  ], nothing),
  define('LFENCE', ['NP 0F AE /5 mod=reg'], nothing, { cost: 'fence' }),
  define('MFENCE', ['NP 0F AE /6 mod=reg'], nothing, { cost: 'fence' }),
  define('SFENCE', ['NP 0F AE /7 mod=reg'], nothing, { cost: 'fence' }),
];
