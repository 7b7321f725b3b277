// What programs import to extend gp-load: one function for each kind of extension, and the interfaces of their code.
import type { RunReport } from "../model/report/report.js";
import type { Outcome } from "../model/turn/ledger.js";
import type { OptionSpecs, OptionsOf } from "./options.js";

/** `owner/name`, such as `acme/pay`: no name of gp-load's own has a slash. */
export type ExtensionName = `${string}/${string}`;

/** What every definition has. */
interface Definition<Specs extends OptionSpecs, Secret extends string> {
  /** `owner/name` in small letters, such as `acme/pay`: how scenario files write it. */
  readonly name: ExtensionName;
  /** One sentence for help. */
  readonly summary?: string;
  /** The options that a scenario may give it, by name. Any other is refused with its place in the file. */
  readonly options?: Specs;
  /**
   * Environment variables that the code needs, such as `API_KEY`. It gets the values of these and of no others. A run
   * whose scenario uses the extension does not start without them. The values are removed from all reports and logs.
   */
  readonly secrets?: readonly Secret[];
}

/** A request of one's own. */
export interface ExtensionRequest {
  /** `GET` by default. */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * A path below the target's `url`, such as `/api/pay`, or a whole URL. Its host must be this machine, or one that the
   * scenario file or `--allow-host` names.
   */
  readonly url: string;
  /** A step sends `authorization: Bearer <token of its user>` unless it is given here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form: `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly body?: string;
}

/** The whole answer of a request, whatever its status. Redirects are answers as well, and are not followed. */
export interface ExtensionResponse {
  readonly status: number;
  /** The status is 2xx. */
  readonly ok: boolean;
  readonly body: string;
  /** The body as JSON. Throws a `SyntaxError` if it is none. */
  json(): unknown;
  /** A header of the answer; several of one name one per line; `undefined` for none. */
  header(name: string): string | undefined;
}

/** What all code gets that runs while the load does. */
export interface ExtensionContext<Options, Secret extends string> {
  /** As the scenario file gives them, parsed. */
  readonly options: Options;
  /** Values of the variables that the definition names under `secrets`. */
  readonly secrets: Readonly<Record<Secret, string>>;
  /** Aborted when the call is given up: at its timeout, or when the run ends. */
  readonly signal: AbortSignal;
  /**
   * Sends a request. Rejects when there is no whole answer; a status such as 500 does not reject. Cookies that answers
   * set are kept for the user, and sent.
   */
  request(request: ExtensionRequest): Promise<ExtensionResponse>;
  /** Waits. @param ms milliseconds */
  sleep(ms: number): Promise<void>;
  /** Writes a line into the run's log (`--log-level info`). Secrets are removed. */
  log(text: string): void;
}

/** The user that walks the journey. */
export interface ExtensionUser {
  /** From 0. */
  readonly number: number;
  /** As the service calls it; `undefined` if it told no id. */
  readonly id: string | undefined;
  /** What its requests are authorised by; empty if there is no login. */
  readonly token: string;
  /** Its first thread; `undefined` before it has one. */
  readonly threadId: string | undefined;
  /** Values for later steps: `kept.get("project")` is `{kept.project}` in the steps `http` and `wait-for`. */
  readonly kept: Pick<Map<string, string>, "get" | "set" | "delete">;
  /** From 0 to 1, the same in each run with the same seed. */
  random(): number;
}

export interface StepContext<Options, Secret extends string> extends ExtensionContext<Options, Secret> {
  readonly user: ExtensionUser;
}

export interface StepDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** A call that takes longer is given up, milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /**
   * Does the step for one user. What it throws is the step's outcome: it is counted with its message, its time is
   * censored, and the user goes on. Its time is the metric `step.time`, without the time in its own code.
   */
  run(context: StepContext<OptionsOf<Specs>, Secret>): Promise<void> | void;
}

/** Somebody who logs in. */
export interface LoginContext<Options, Secret extends string> extends ExtensionContext<Options, Secret> {
  readonly account: {
    readonly email: string;
    readonly password: string;
    readonly organisation?: string;
  };
  /** The account may not exist yet, and the scenario allows it to be registered. */
  readonly register: boolean;
  /** The value of a cookie that answers of this login have set; `undefined` for none. */
  cookie(name: string): string | undefined;
}

/** A login that worked. */
export interface LoggedIn {
  /** Goes with every request and socket, as the profile sends tokens. Empty if cookies say it all. */
  readonly token: string;
  /** Given back to `refresh`. */
  readonly refreshToken?: string | undefined;
  /** As the service calls the user. */
  readonly userId?: string | undefined;
  /** Milliseconds that the token lives, where it is no JWT that says so itself. */
  readonly expiresInMs?: number | undefined;
}

export interface LoginDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** A call that takes longer is given up, milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Logs one account in. What it throws is the reason of a failed login. */
  login(context: LoginContext<OptionsOf<Specs>, Secret>): Promise<LoggedIn> | LoggedIn;
  /** Renews a session. Absent, or where it throws: the account is logged in again. */
  refresh?(
    context: ExtensionContext<OptionsOf<Specs>, Secret>,
    refreshToken: string,
  ): Promise<LoggedIn> | LoggedIn;
}

/** What a codec gets. It is called for each frame: it cannot wait, nor send requests. */
export interface CodecContext<Options, Secret extends string> {
  /** As the scenario file gives them, parsed. */
  readonly options: Options;
  /** Values of the variables that the definition names under `secrets`. */
  readonly secrets: Readonly<Record<Secret, string>>;
}

export interface CodecDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /**
   * What goes over the wire for a text frame, or the body of a streamed turn, that the profile wants to send. What it
   * throws makes the run INVALID.
   */
  encode?(frame: string, context: CodecContext<OptionsOf<Specs>, Secret>): string;
  /**
   * The frame, or frames, that the profile reads for a text frame from the wire; `undefined` for none. What it throws
   * makes the run INVALID.
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
  /** As the service calls the run of the agent; `undefined` if it told none. */
  readonly runId: string | undefined;
  readonly outcome: Outcome;
  /** Why it did not complete; `undefined` if it did. */
  readonly reason: string | undefined;
  /** Milliseconds from its intended time to its end; `undefined` if no end came. */
  readonly responseMs: number | undefined;
  /** Words in which its user was told of an error; `undefined` for none. */
  readonly told: string | undefined;
}

/** The answer of a completed turn to a prompt of the library, or of one's own file. */
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
   * Something was found: the run FAILs, or is warned with `severity: "warn"`. Findings of one code are counted together.
   * @param turn whose it is
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
  /** Looks at one settled turn. Synchronous; each worker sees the turns of its own users. */
  turn?(turn: CheckedTurn, context: CheckContext<OptionsOf<Specs>, Secret>): void;
  /** Looks at one answer, when it is complete. Synchronous. */
  answer?(answer: CheckedAnswer, context: CheckContext<OptionsOf<Specs>, Secret>): void;
}

export interface ReporterDefinition<Specs extends OptionSpecs, Secret extends string>
  extends Definition<Specs, Secret> {
  /** Name of the file that it fills in the run's folder, such as `slack.json`. */
  readonly file: string;
  /** The text of the file. What it throws is a warning, and costs only this file. Secrets are removed from the text. */
  render(report: RunReport, context: CodecContext<OptionsOf<Specs>, Secret>): Promise<string> | string;
}

/** What a definition may be, with the types of its own options and secrets left out. */
export type AnyDefinition =
  | { readonly kind: "step"; readonly definition: StepDefinition<OptionSpecs, string> }
  | { readonly kind: "login"; readonly definition: LoginDefinition<OptionSpecs, string> }
  | { readonly kind: "codec"; readonly definition: CodecDefinition<OptionSpecs, string> }
  | { readonly kind: "check"; readonly definition: CheckDefinition<OptionSpecs, string> }
  | { readonly kind: "reporter"; readonly definition: ReporterDefinition<OptionSpecs, string> };

/** A definition, to be exported by a module that a scenario file names under `extensions`. */
export type Extension = AnyDefinition & {
  /** Line of the call that defined it; `undefined` if the stack does not tell. */
  readonly line: number | undefined;
};

/** Marks definitions, also those that another copy of gp-load made. */
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

/** Defines what lies between the wire and the profile: `codec: acme/envelope` of a target. See {@link CodecDefinition}. */
export function defineCodec<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: CodecDefinition<Specs, Secret>,
): Extension {
  return marked({ kind: "codec", definition: definition as unknown as CodecDefinition<OptionSpecs, string> });
}

/** Defines a rule that turns and answers are compared with: `checks: [acme/polite]`. See {@link CheckDefinition}. */
export function defineCheck<const Specs extends OptionSpecs = None, const Secret extends string = never>(
  definition: CheckDefinition<Specs, Secret>,
): Extension {
  return marked({ kind: "check", definition: definition as unknown as CheckDefinition<OptionSpecs, string> });
}

/** Defines a file of a run's folder: `reporters: [acme/slack]`. See {@link ReporterDefinition}. */
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

/** Line of the frame behind `marked` and the function that called it. */
function callerLine(stack = ""): number | undefined {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const line = /:(\d+):\d+\)?$/.exec(frames[2] ?? "")?.[1];
  return line === undefined ? undefined : Number(line);
}
