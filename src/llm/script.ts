// What a model endpoint should answer, and which faults it has, as plain data.
import type { Delay } from "./delays.js";
import type { ModelFault } from "./faults.js";

/** One way to answer: used if its pattern matches. */
export interface AnswerRule {
  /** Regular expression for the user's last message; absent for every message. */
  readonly match?: string | undefined;
  /** `{prompt}` is the user's last message, `{reference}` its nonce. */
  readonly text?: string | undefined;
  /** Length of the filler after it. */
  readonly words?: number | undefined;
  /** Called before the answer, if the caller offers them. */
  readonly tools?:
    | readonly {
        readonly name: string;
        readonly arguments?: Readonly<Record<string, unknown>> | undefined;
      }[]
    | undefined;
}

export interface ModelScript {
  readonly seed: number;
  /** What callers must send; if absent, anything is accepted. */
  readonly key: string | undefined;
  /** Names of existing models; if absent, any name is accepted. */
  readonly models: readonly string[] | undefined;
  readonly firstToken: Delay;
  readonly tokenGap: Delay;
  /** The first match is used. */
  readonly answers: readonly AnswerRule[];
  readonly faults: readonly ModelFault[];
}
