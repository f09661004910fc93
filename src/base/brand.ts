/** Nominal types: a number that is an MSR index is not a number that is a counter index. */

declare const brand: unique symbol;

/** A `T` that the compiler will not mix up with another `T`. Erased at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
