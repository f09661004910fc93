/**
 * The shape of plain data that comes from a person: a scenario in a JSON file, an option. A shape checks a value, fills
 * in what was left out, and gives the TypeScript type, so that the check and the type cannot disagree.
 *
 * A mismatch is the user's mistake: it is thrown as a `Mismatch` that names the path and what was expected there.
 */

export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

export interface Shape<T> {
  /** What a value of this shape is, as it stands in "expected ...". */
  readonly expects: string;
  /** Returns the checked value, with defaults filled in. `path` is where the value stands, `$` being the whole. */
  check(value: unknown, path: string): T;
  /** What stands for an absent value; without it the value is required. */
  readonly absent?: () => T;
}

export type Shaped<S> = S extends Shape<infer T> ? T : never;

const mismatch = (path: string, expects: string, value: unknown): never => {
  const found = value === undefined ? 'nothing' : JSON.stringify(value);
  const shown = found.length > 60 ? `${found.slice(0, 57)}...` : found;
  throw new Mismatch(`${path}: expected ${expects}, found ${shown}`);
};

export const text = (): Shape<string> => ({
  expects: 'a string',
  check(value, path) {
    return typeof value === 'string' ? value : mismatch(path, this.expects, value);
  },
});

export const flag = (): Shape<boolean> => ({
  expects: 'true or false',
  check(value, path) {
    return typeof value === 'boolean' ? value : mismatch(path, this.expects, value);
  },
});

/** An integer in [least, most]. A string with a hexadecimal number is one too: JSON itself has none. */
export const integer = (least: number, most: number): Shape<number> => ({
  expects: `an integer from ${least} to ${most}`,
  check(value, path) {
    const number = typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
      ? number
      : mismatch(path, this.expects, value);
  },
});

export const oneOf = <const T extends string>(...names: readonly T[]): Shape<T> => ({
  expects: `one of ${names.join(', ')}`,
  check(value, path) {
    return names.includes(value as T) ? (value as T) : mismatch(path, this.expects, value);
  },
});

export const listOf = <T>(item: Shape<T>): Shape<readonly T[]> => ({
  expects: `a list, each ${item.expects}`,
  check(value, path) {
    return Array.isArray(value)
      ? value.map((entry, i) => item.check(entry, `${path}[${i}]`))
      : mismatch(path, this.expects, value);
  },
});

/** The same shape, with a value for when it is left out. */
export const optional = <T>(shape: Shape<T>, absent: T): Shape<T> => ({ ...shape, absent: () => absent });

/** The same shape, or nothing. */
export const maybe = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  expects: shape.expects,
  absent: () => undefined,
  check: (value, path) => shape.check(value, path),
});

type Fields = Readonly<Record<string, Shape<unknown>>>;
export type Shapes<F extends Fields> = { readonly [K in keyof F]: Shaped<F[K]> };

/** An object with these fields and no others: a misspelt name is an error, not a default. */
export const object = <F extends Fields>(fields: F): Shape<Shapes<F>> => ({
  expects: `an object with ${Object.keys(fields).join(', ')}`,
  check(value, path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch(path, this.expects, value);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) {
        throw new Mismatch(`${path}.${name}: there is no such field; expected ${this.expects}`);
      }
    }
    const entries = Object.entries(fields).map(([name, shape]) => {
      const given = (value as Record<string, unknown>)[name];
      return [name, given === undefined && shape.absent ? shape.absent() : shape.check(given, `${path}.${name}`)];
    });
    return Object.fromEntries(entries) as Shapes<F>;
  },
});

/** One of several objects, told apart by the text in their field `kind`. */
export const byKind = <F extends Readonly<Record<string, Fields>>>(
  kinds: F,
): Shape<{ [K in keyof F & string]: { readonly kind: K } & Shapes<F[K]> }[keyof F & string]> => {
  const names = Object.keys(kinds);
  return {
    expects: `an object whose kind is one of ${names.join(', ')}`,
    check(value, path) {
      const kind = typeof value === 'object' && value !== null ? (value as Record<string, unknown>).kind : undefined;
      if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return mismatch(path, this.expects, value);
      return object({ kind: text(), ...kinds[kind] }).check(value, path) as never;
    },
  };
};
