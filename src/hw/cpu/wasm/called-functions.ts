/** Functions that several handlers or regions call: those of the loop's module, or written where they are called. */
import { bswap, crc32, mulhu, setStatus, status, udiv128 } from './arithmetic.ts';
import { inexactProduct4, inexactProduct8, inexactSum } from './exactness.ts';
import type { Code, FunctionType, ModuleWriter } from './module.ts';

/** The functions of the loop's module that handlers call. */
const SHARED = {
  mulhu: { parameters: ['i64', 'i64'], results: ['i64'], code: mulhu },
  udiv128: { parameters: ['i64', 'i64', 'i64'], results: ['i64'], code: udiv128 },
  bswap: { parameters: ['i64'], results: ['i64'], code: bswap },
  crc32: { parameters: ['i64', 'i32'], results: ['i64'], code: crc32 },
  status: { parameters: ['i32'], results: ['i64'], code: status },
  setStatus: { parameters: ['i32', 'i64'], results: [], code: setStatus },
  inexactSum4: { parameters: ['f32', 'f32', 'f32'], results: ['i32'], code: () => inexactSum(4) },
  inexactSum8: { parameters: ['f64', 'f64', 'f64'], results: ['i32'], code: () => inexactSum(8) },
  inexactProduct4: { parameters: ['f32', 'f32', 'f32'], results: ['i32'], code: inexactProduct4 },
  inexactProduct8: { parameters: ['f64', 'f64', 'f64'], results: ['i32'], code: inexactProduct8 },
} as const satisfies Readonly<Record<string, FunctionType & { code(): Code }>>;
type Shared = keyof typeof SHARED;
export const SHARED_NAMES = Object.keys(SHARED) as Shared[];

const sharedType = (module: ModuleWriter, name: Shared): number => module.type(SHARED[name].parameters, SHARED[name].results);
/** Writes one of them into another module. */
export const writeShared = (module: ModuleWriter, name: Shared): number => module.function(sharedType(module, name), SHARED[name].code());
export const importShared = (module: ModuleWriter): Readonly<Record<Shared, number>> =>
  Object.fromEntries(SHARED_NAMES.map((name) => [name, module.importFunction(name, sharedType(module, name))])) as Record<Shared, number>;
