/**
 * How state is laid out: a line for each thing that `serialize` visits, with its name, kind and length, in the order of the visit. The
 * packed form has no names in it, so whoever keeps it for another build keeps this beside it.
 */
import { LARGE } from './apart.ts';
import { NamingVisitor } from './naming.ts';
import type { Stateful } from './state.ts';

class LayoutWriter extends NamingVisitor {
  readonly loading = false;
  readonly lines: string[] = [];

  u8 = (name: string, value: number): number => this.put(name, 'u8', value);
  u16 = (name: string, value: number): number => this.put(name, 'u16', value);
  u32 = (name: string, value: number): number => this.put(name, 'u32', value);
  count = (name: string, value: number): number => this.put(name, 'count', value);
  time = (name: string, value: number): number => this.put(name, 'time', value);
  override flag = (name: string, value: boolean): boolean => this.put(name, 'flag', value);
  override signed = (name: string, value: number): number => this.put(name, 'signed', value);
  override statistic = (name: string, value: number): number => this.put(name, 'statistic', value);
  override sized = (name: string, bytes: Uint8Array): Uint8Array => this.put(name, 'sized', bytes);
  override u64 = (name: string): void => this.put(name, 'u64', undefined);
  override words = (name: string, { length }: Uint32Array): void => this.put(name, `words[${length}]`, undefined);
  override counts = (name: string, { length }: Float64Array): void => this.put(name, `counts[${length}]`, undefined);

  /** How much memory there is, is no part of how the rest is laid out. */
  bytes = (name: string, { length }: Uint8Array): void => this.put(name, length < LARGE ? `bytes[${length}]` : 'large', undefined);

  private put<T>(name: string, kind: string, value: T): T {
    this.lines.push(`${this.whole(name)} ${kind}`);
    return value;
  }
}

/** Two states have the same one if what one is packed to can be loaded into the other. */
export function layoutOf(state: Stateful): readonly string[] {
  const writer = new LayoutWriter();
  state.serialize(writer);
  return writer.lines;
}
