// Optional keys of an object literal: those without a value are left out, as if they had not been written.

type Defined<Fields> = { readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/** The same object without the keys that are `undefined`; `{ ...defined({ note }) }` has a `note` or has none. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}
