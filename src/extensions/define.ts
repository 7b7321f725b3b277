// The API for extending gp-load: one function for each kind of extension, and the interfaces of their code.
import type { RunReport } from "../model/report/report.js";
import type { Outcome } from "../model/turn/ledger.js";
import type { OptionSpecs, OptionsOf } from "./options.js";

/** `owner/name`, such as `acme/pay`: gp-load's own names have no slash. */
export type ExtensionName = `${string}/${string}`;

/** Fields of every definition. */
interface Definition<Specs extends OptionSpecs, Secret extends string> {
  /** `owner/name` in lower case, such as `acme/pay`, as in scenario files. */
  readonly name: ExtensionName;
  /** One sentence for help. */
  readonly summary?: string;
  /** The options that a scenario may set, by name. Any other is rejected with its place in the file. */
  readonly options?: Specs;
  /**
   * Environment variables that the code needs, such as `API_KEY`. It gets the values of these and no others. A run whose
   * scenario uses the extension does not start without them. The values are removed from all reports and logs.
   */
  readonly secrets?: readonly Secret[];
}

/** A request sent by an extension. */
export interface ExtensionRequest {
  /** `GET` by default. */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * A path below the target's `url`, such as `/api/pay`, or a full URL. Its host must be this machine, or one named by the
   * scenario file or `--allow-host`.
   */
  readonly url: string;
  /** A step sends `authorization: Bearer <token of its user>` unless set here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form: `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly body?: string;
}

/** The complete answer to a request, whatever its status. Redirects are answers too, and are not followed. */
export interface ExtensionResponse {
  readonly status: number;
  /** The status is 2xx. */
  readonly ok: boolean;
  readonly body: string;
  /** The body as JSON. Throws a `SyntaxError` if it is not valid JSON. */
  json(): unknown;
  /** A header of the answer, repeated ones one per line; `undefined` for none. */
  header(name: string): string | undefined;
}

/** What all code that runs during the load gets. */
export interface ExtensionContext<Options, Secret extends string> {
  /** As set in the scenario file, parsed. */
  readonly options: Options;
  /** Values of the variables listed in the definition's `secrets`. */
  readonly secrets: Readonly<Record<Secret, string>>;
  /** Aborted when the call is given up: at its timeout, or at the end of the run. */
  readonly signal: AbortSignal;
  /**
   * Sends a request. Rejects if there is no complete answer; a status such as 500 does not reject. Cookies set by answers
   * are kept for the user and sent.
   */
  request(request: ExtensionRequest): Promise<ExtensionResponse>;
  /** Waits. @param ms milliseconds */
  sleep(ms: number): Promise<void>;
  /** Writes a line to the run's log (`--log-level info`). Secrets are removed. */
  log(text: string): void;
}

/** The user whose journey it is. */
export interface ExtensionUser {
  /** From 0. */
  readonly number: number;
  /** The service's id for it; `undefined` if unknown. */
  readonly id: string | undefined;
  /** Authorises its requests; empty if there is no login. */
  readonly token: string;
  /** Its first thread; `undefined` before it has one. */
  readonly threadId: string | undefined;
  /** Values for later steps: `kept.get("project")` is `{kept.project}` in steps `http` and `wait-for`. */
  readonly kept: Pick<Map<string, string>, "get" | "set" | "delete">;
  /** From 0 to 1; the same in every run with the same seed. */
  random(): number;
}

export interface StepContext<Options, Secret extends string> extends ExtensionContext<Options, Secret> {
  readonly user: ExtensionUser;
}

export interface StepDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** Timeout of a call, milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /**
   * Runs the step for one user. If it throws, the step has failed: it is counted with its message, its time is censored,
   * and the user goes on. The metric `step.time` is its time without the time in its own code.
   */
  run(context: StepContext<OptionsOf<Specs>, Secret>): Promise<void> | void;
}

/** An account that logs in. */
export interface LoginContext<Options, Secret extends string> extends ExtensionContext<Options, Secret> {
  readonly account: {
    readonly email: string;
    readonly password: string;
    readonly organisation?: string;
  };
  /** The account may not exist yet, and the scenario allows registering it. */
  readonly register: boolean;
  /** The value of a cookie set during this login; `undefined` for none. */
  cookie(name: string): string | undefined;
}

/** A successful login. */
export interface LoggedIn {
  /** Sent with every request and socket, as the profile sends tokens. Empty if cookies are enough. */
  readonly token: string;
  /** Passed to `refresh`. */
  readonly refreshToken?: string | undefined;
  /** The service's id for the user. */
  readonly userId?: string | undefined;
  /** Lifetime of the token, milliseconds, unless it is a JWT that contains it. */
  readonly expiresInMs?: number | undefined;
}

export interface LoginDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** Timeout of a call, milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Logs in one account. What it throws is the reason for a failed login. */
  login(context: LoginContext<OptionsOf<Specs>, Secret>): Promise<LoggedIn> | LoggedIn;
  /** Renews a session. If it is absent or throws, the account logs in again. */
  refresh?(
    context: ExtensionContext<OptionsOf<Specs>, Secret>,
    refreshToken: string,
  ): Promise<LoggedIn> | LoggedIn;
}

/** What a codec gets. It is called for each frame, so it can neither wait nor send requests. */
export interface CodecContext<Options, Secret extends string> {
  /** As set in the scenario file, parsed. */
  readonly options: Options;
  /** Values of the variables listed in the definition's `secrets`. */
  readonly secrets: Readonly<Record<Secret, string>>;
}

export interface CodecDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /**
   * Encodes a text frame, or the body of a streamed turn, that the profile sends. If it throws, the run is INVALID.
   */
  encode?(frame: string, context: CodecContext<OptionsOf<Specs>, Secret>): string;
  /**
   * Decodes a text frame from the wire into one or more frames for the profile; `undefined` for none. If it throws, the run
   * is INVALID.
   */
  decode?(
    frame: string,
    context: CodecContext<OptionsOf<Specs>, Secret>,
  ): string | readonly string[] | undefined;
}

/** A turn that is over and settled. */
export interface CheckedTurn {
  /** Number of its user, from 0. */
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly turn: number;
  readonly threadId: string;
  /** The service's id for the agent's run; `undefined` if unknown. */
  readonly runId: string | undefined;
  readonly outcome: Outcome;
  /** Why it did not complete; `undefined` if it did. */
  readonly reason: string | undefined;
  /** Milliseconds from its intended time to its end; `undefined` without an end. */
  readonly responseMs: number | undefined;
  /** Text of the error shown to its user; `undefined` for none. */
  readonly told: string | undefined;
}

/** The answer of a completed turn to a prompt from the library or your own file. */
export interface CheckedAnswer {
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  readonly promptId: string;
  /** As it was sent. */
  readonly prompt: string;
  /** At most 256 Ki characters. */
  readonly answer: string;
}

export interface CheckContext<Options, Secret extends string> extends CodecContext<Options, Secret> {
  /**
   * Reports a finding: the run FAILs, or gets a warning with `severity: "warn"`. Findings of one code are counted together.
   * @param turn the turn it belongs to
   */
  find(
    code: string,
    message: string,
    turn: Pick<CheckedTurn, "user" | "turn" | "threadId">,
    severity?: "fail" | "warn",
  ): void;
}

export interface CheckDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** Checks one settled turn. Synchronous; each worker sees the turns of its own users. */
  turn?(turn: CheckedTurn, context: CheckContext<OptionsOf<Specs>, Secret>): void;
  /** Checks one complete answer. Synchronous. */
  answer?(answer: CheckedAnswer, context: CheckContext<OptionsOf<Specs>, Secret>): void;
}

export interface ReporterDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** Name of the file that it writes in the run's folder, such as `slack.json`. */
  readonly file: string;
  /** Returns the text of the file. If it throws, only this file is missing, with a warning. Secrets are removed. */
  render(report: RunReport, context: CodecContext<OptionsOf<Specs>, Secret>): Promise<string> | string;
}

/** Any definition, without the types of its own options and secrets. */
export type AnyDefinition =
  | { readonly kind: "step"; readonly definition: StepDefinition<OptionSpecs, string> }
  | { readonly kind: "login"; readonly definition: LoginDefinition<OptionSpecs, string> }
  | { readonly kind: "codec"; readonly definition: CodecDefinition<OptionSpecs, string> }
  | { readonly kind: "check"; readonly definition: CheckDefinition<OptionSpecs, string> }
  | { readonly kind: "reporter"; readonly definition: ReporterDefinition<OptionSpecs, string> };

/** A definition, to be exported by a module listed under `extensions` in a scenario file. */
export type Extension = AnyDefinition & {
  /** Line of the call that defined it; `undefined` if the stack does not show it. */
  readonly line: number | undefined;
};

/** Marks definitions, including those made by another copy of gp-load. */
export const EXTENSION = Symbol.for("gp-load.extension");

type None = Readonly<Record<never, never>>;

/** Defines a step of journeys: `- acme/pay: { amount: 3 }`. See {@link StepDefinition}. */
export function defineStep<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: StepDefinition<Specs, Secret>,
): Extension {
  return marked({ kind: "step", definition: definition as unknown as StepDefinition<OptionSpecs, string> });
}

/** Defines how accounts log in: `login: acme/hmac` of a target. See {@link LoginDefinition}. */
export function defineLogin<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: LoginDefinition<Specs, Secret>,
): Extension {
  return marked({ kind: "login", definition: definition as unknown as LoginDefinition<OptionSpecs, string> });
}

/** Defines a codec between wire and profile: `codec: acme/envelope` of a target. See {@link CodecDefinition}. */
export function defineCodec<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: CodecDefinition<Specs, Secret>,
): Extension {
  return marked({ kind: "codec", definition: definition as unknown as CodecDefinition<OptionSpecs, string> });
}

/** Defines a check of turns and answers: `checks: [acme/polite]`. See {@link CheckDefinition}. */
export function defineCheck<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: CheckDefinition<Specs, Secret>,
): Extension {
  return marked({ kind: "check", definition: definition as unknown as CheckDefinition<OptionSpecs, string> });
}

/** Defines a file in a run's folder: `reporters: [acme/slack]`. See {@link ReporterDefinition}. */
export function defineReporter<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: ReporterDefinition<Specs, Secret>,
): Extension {
  return marked({
    kind: "reporter",
    definition: definition as unknown as ReporterDefinition<OptionSpecs, string>,
  });
}

function marked(any: AnyDefinition): Extension {
  return Object.freeze({ ...any, line: callerLine(new Error("defined here").stack), [EXTENSION]: true });
}

/** Line of the stack frame after `marked` and its caller. */
function callerLine(stack = ""): number | undefined {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const line = /:(\d+):\d+\)?$/.exec(frames[2] ?? "")?.[1];
  return line === undefined ? undefined : Number(line);
}
