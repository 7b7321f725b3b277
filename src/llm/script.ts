// What a model endpoint is told to say and to do wrong, as plain data.
import type { Delay } from "./delays.js";
import type { ModelFault } from "./faults.js";

/** One way to answer: taken where its pattern matches. */
export interface AnswerRule {
  /** Regular expression for the user's last message; absent for every message. */
  readonly match?: string | undefined;
  /** `{prompt}` is the user's last message, `{reference}` what marks it. */
  readonly text?: string | undefined;
  /** Length of the filler behind it. */
  readonly words?: number | undefined;
  /** Called before the answer, where the caller offers them. */
  readonly tools?:
    | readonly {
        readonly name: string;
        readonly arguments?: Readonly<Record<string, unknown>> | undefined;
      }[]
    | undefined;
}

export interface ModelScript {
  readonly seed: number;
  /** What callers must send; anything is taken where it is absent. */
  readonly key: string | undefined;
  /** Names of the models that exist; every name is taken where it is absent. */
  readonly models: readonly string[] | undefined;
  readonly firstToken: Delay;
  readonly tokenGap: Delay;
  /** The first that matches is taken. */
  readonly answers: readonly AnswerRule[];
  readonly faults: readonly ModelFault[];
}
