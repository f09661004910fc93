/** The picks of a step as one number. Most steps ask one question; the others are few, and the same again and again. */
import { assert } from '../base/assert.ts';

/** Codes below are the only pick; those from here on stand for lists. */
const LISTS = 1 << 16;

export class PickCodes {
  private readonly lists: (readonly number[])[] = [];
  private readonly codes = new Map<string, number>();

  codeOf(picks: readonly number[]): number {
    if (picks.length === 1) {
      assert(picks[0]! < LISTS, 'a question has fewer alternatives');
      return picks[0]!;
    }
    const key = picks.join();
    let code = this.codes.get(key);
    if (code === undefined) {
      code = LISTS + this.lists.push(picks) - 1;
      this.codes.set(key, code);
    }
    return code;
  }

  picksOf(code: number): readonly number[] {
    return code < LISTS ? [code] : this.lists[code - LISTS]!;
  }

  /** What `take` makes the same codes from: each list behind its length. */
  give(): Uint32Array {
    return Uint32Array.from(this.lists.flatMap((list) => [list.length, ...list]));
  }

  take(packed: Uint32Array): void {
    for (let at = 0; at < packed.length; at += 1 + packed[at]!) this.codeOf([...packed.subarray(at + 1, at + 1 + packed[at]!)]);
  }
}
