/** A visit of state in which everything has a name of its own: that of the part before that of the field. */
import { type Stateful, Visitor } from './state.ts';

export abstract class NamingVisitor extends Visitor {
  private prefix = '';

  protected whole(name: string): string {
    return this.prefix + name;
  }

  override part(name: string, part: Stateful): void {
    const outer = this.prefix;
    this.prefix = `${outer}${name}.`;
    part.serialize(this);
    this.prefix = outer;
  }

  override parts(name: string, parts: readonly Stateful[]): void {
    for (const [i, part] of parts.entries()) this.part(`${name}.${i}`, part);
  }
}
