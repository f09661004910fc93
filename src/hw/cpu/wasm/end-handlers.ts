/** Handlers that belong to no variant, and end a block: what follows is another block, or is not for the interpreter. */
import { CPU, RECORD, STATUS } from '../layout.ts';
import { PROCESSOR, RECORD_PARAMETER } from './emitter.ts';
import { Code } from './module.ts';

/** An instruction that somebody else does, who is told by this status. */
export function leaveWith(code: number): Code {
  const out = new Code(2);
  out.i32(code);
  return out;
}

/** The record after the last instruction of a block that does not end with a branch. */
export function endOfBlock(): Code {
  const out = new Code(2);
  out.get(PROCESSOR);
  out.get(PROCESSOR);
  out.access('i64_load', CPU.blockRip);
  out.get(RECORD_PARAMETER);
  out.access('i64_load16_u', RECORD.next);
  out.op('i64_add');
  out.access('i64_store', CPU.rip);
  out.i32(STATUS.branch);
  return out;
}
