/**
 * The instruction that a routine is doing, as the routine sees it: only one is done at a time, so one object stands for each in turn,
 * and what hardly any routine asks for is worked out when it is asked for.
 */
import type { Decoded } from '../../x86/isa/decode.ts';
import type { Width } from '../../x86/registers.ts';
import type { Evaluator } from './evaluate.ts';
import { type Access, READ } from './guest-fault.ts';
import { RECORD, RECORD_STACK } from './layout.ts';
import type { Operation } from './processor.ts';

export class PresentOperation implements Operation {
  private readonly view: DataView;
  private readonly evaluator: Evaluator;
  private record = 0;
  private instruction: Decoded | undefined;

  constructor(view: DataView, evaluator: Evaluator) {
    this.view = view;
    this.evaluator = evaluator;
  }

  /** From here on it is the instruction at `record`. */
  become(record: number, decoded: Decoded): this {
    this.record = record;
    this.instruction = decoded;
    return this;
  }

  get decoded(): Decoded {
    return this.instruction!;
  }

  get operandSize(): Width {
    return this.instruction!.operandSize;
  }

  get stack(): boolean {
    return (this.view.getUint8(this.record + RECORD.flags) & RECORD_STACK) !== 0;
  }

  get segment(): number {
    return this.evaluator.segmentOf(this.record);
  }

  offset(): bigint {
    return this.evaluator.offset(this.record);
  }

  address(bytes = 1, access: Access = READ): bigint {
    return this.evaluator.address(this.record, bytes, access);
  }
}
