// How a definition describes its options.

/** One option, as created by `option.text()` and the like. */
export interface Option<Value> {
  readonly type: "text" | "number" | "whole" | "flag" | "duration" | "choice";
  readonly description?: string;
  readonly default?: Value;
  readonly optional?: true;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly choices?: readonly string[];
}

/** A schema of any library that follows the Standard Schema, such as Zod, Valibot or ArkType. Its parsing is synchronous. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/** Options by name. */
export type OptionSpecs = Readonly<Record<string, Option<unknown> | StandardSchema>>;

/** The parsed options of a definition. */
export type OptionsOf<Specs extends OptionSpecs> = {
  readonly [Key in keyof Specs]: Specs[Key] extends StandardSchema<infer Output>
    ? Output
    : Specs[Key] extends Option<infer Value>
      ? Value
      : never;
};

interface Settings<Value> {
  readonly description?: string;
  /** Used if the scenario file does not set the option. */
  readonly default?: Value;
  /** The option may be left out; it is then `undefined`. */
  readonly optional?: true;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

type Given<S, Value> = S extends { readonly optional: true } ? Value | undefined : Value;

/** Describes the options of an extension: `options: { amount: option.whole({ min: 1, default: 3 }) }`. */
export const option = {
  /** A text. */
  text: <const S extends Settings<string> & { readonly pattern?: RegExp }>(settings?: S) =>
    ({ type: "text", ...settings }) as unknown as Option<Given<S, string>>,
  number: <const S extends Settings<number> & Bounds>(settings?: S) =>
    ({ type: "number", ...settings }) as unknown as Option<Given<S, number>>,
  /** A whole number. */
  whole: <const S extends Settings<number> & Bounds>(settings?: S) =>
    ({ type: "whole", ...settings }) as unknown as Option<Given<S, number>>,
  /** `true` or `false`. */
  flag: <const S extends Settings<boolean>>(settings?: S) =>
    ({ type: "flag", ...settings }) as unknown as Option<Given<S, boolean>>,
  /** A duration such as `250ms` or `1m30s`, parsed to milliseconds; so are its bounds and its default. */
  duration: <const S extends Settings<number> & Bounds>(settings?: S) =>
    ({ type: "duration", ...settings }) as unknown as Option<Given<S, number>>,
  /** One of several texts. */
  choice: <const Choice extends string, const S extends Settings<NoInfer<Choice>>>(
    choices: readonly Choice[],
    settings?: S,
  ) => ({ type: "choice", choices, ...settings }) as unknown as Option<Given<S, Choice>>,
};
