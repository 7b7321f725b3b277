// Runs the user's own code in one worker: measures each call, and gives it its options and secrets and nothing else.
import type { ExtensionKind } from "../model/log/extension.js";
import type { AnsweredTurn } from "../model/turn/answer.js";
import type { SettledTurn } from "../model/turn/turn.js";
import type { Answer, Failure, Protocol, Session } from "../profiles/profile.js";
import { expiryOf } from "../profiles/values.js";
import type { Account as LoginAccount, OwnModule, OwnSpec, Target } from "../scenarios/scenario.js";
import { lineIn } from "../scenarios/user-module.js";
import type { OwnStepOutcome, OwnSteps, OwnStepUser } from "../session/services.js";
import { wallNowUs } from "../support/clock.js";
import { defined } from "../support/defined.js";
import { messageOf } from "../support/errors.js";
import type { LogBuffer } from "../support/log/log-lines.js";
import { shorten } from "../support/text.js";
import { CookieJar } from "../wire/http/cookie-jar.js";
import type { HttpClient } from "../wire/http/http.js";
import { type ContextParts, type Options, OwnContext, OwnLoginContext, OwnStepContext } from "./contexts.js";
import type { CheckedAnswer, CheckedTurn, Extension, LoggedIn } from "./define.js";
import type { LoadedExtension } from "./load.js";
import { type Account, type Call, GivenUp, type Meter } from "./meter.js";
import { RequestFailed, type Requests, requestsTo } from "./requests.js";

const TIMEOUT_US = 30_000_000;
/** Longer tokens do not fit into a header. */
const MAX_TOKEN = 16_384;
const MAX_MESSAGE = 160;
/** Most different messages of failed steps that are counted separately. */
const MAX_MESSAGES = 50;

/** A definition that this worker runs. */
interface Hosted<Kind extends Extension["kind"]> {
  readonly definition: Extract<Extension, { kind: Kind }>["definition"];
  readonly account: Account;
  readonly secrets: Readonly<Record<string, string>>;
  readonly where: (error: unknown) => string;
}

export interface HostSurroundings {
  readonly meter: Meter;
  readonly target: Pick<Target, "url" | "authUrl" | "allowedHosts">;
  readonly http: Pick<HttpClient, "request">;
  readonly nowUs: () => number;
  /** Absent if no log is wanted. */
  readonly log: LogBuffer | undefined;
}

/** Reports what a check's code finds. */
export type Find = (
  code: string,
  message: string,
  turn: Pick<CheckedTurn, "user" | "turn" | "threadId">,
  severity: "fail" | "warn",
) => void;

/** The code of a check. Each call returns whether it threw. */
export interface CheckCode {
  readonly turn?: (turn: SettledTurn, find: Find) => boolean;
  readonly answer?: (answer: AnsweredTurn, find: Find) => boolean;
}

/** Encodes and decodes frames; if it throws, the frame stays as it is. */
export interface FrameCodec {
  readonly encode: (frame: string) => string;
  readonly decode: (frame: string) => readonly string[];
}

export class ExtensionHost implements OwnSteps {
  readonly #around: HostSurroundings;
  readonly #requests: Requests;
  readonly #hosted = new Map<string, Hosted<Extension["kind"]>>();
  readonly #files: readonly string[];
  readonly #messages = new Set<string>();

  constructor(loaded: readonly LoadedExtension[], modules: readonly OwnModule[], around: HostSurroundings) {
    this.#around = around;
    this.#requests = requestsTo(around.target, around.http);
    this.#files = modules.map(({ path }) => path);
    for (const { extension, module, place } of loaded) {
      const { kind, definition } = extension;
      const used = modules.find(({ path }) => path === module.path);
      if (kind === "reporter" || !used?.names.includes(definition.name)) continue;
      const named = (definition.secrets ?? []).map((name) => [name, used.secrets[name] ?? ""] as const);
      this.#hosted.set(`${kind} ${definition.name}`, {
        definition,
        account: around.meter.account(definition.name, kind, place),
        secrets: Object.freeze(Object.fromEntries(named)),
        where: (error) => {
          const line = lineIn(error, module.path);
          return line === undefined ? place : `${module.shown}:${line}`;
        },
      });
    }
  }

  /** One step for one user. Never rejects. */
  async step(name: string, options: unknown, user: OwnStepUser): Promise<OwnStepOutcome> {
    const { definition, account, secrets, where } = this.#named("step", name);
    const { nowUs } = this.#around;
    const fromUs = nowUs();
    const ended = await this.#around.meter.run(
      account,
      (definition.timeoutMs ?? TIMEOUT_US / 1000) * 1000,
      (call) => {
        const { token, cookies } = user.session;
        const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
        return definition.run(
          new OwnStepContext(this.#parts(call, options, secrets, cookies, headers), user),
        );
      },
      where,
    );
    const { spentUs } = ended;
    const waitedUs = Math.max(0, nowUs() - fromUs - spentUs);
    return ended.ok ? { waitedUs, spentUs } : { waitedUs, spentUs, why: this.#why(name, ended.error) };
  }

  /** The same protocol, with the user's own login. */
  withLogin(protocol: Protocol, { name, options }: OwnSpec): Protocol {
    const hosted = this.#named("login", name);
    const { loginBriefly, capabilities, ...rest } = protocol;
    const { logsIn, ...others } = capabilities;
    return {
      ...rest,
      // Even if the profile has no login, there is one now.
      capabilities: others,
      login: (account, register) => this.#logIn(hosted, options, account, register),
      refresh: (session) => this.#refresh(hosted, options, session),
    };
  }

  /** The codec, ready for frames. */
  codec({ name, options }: OwnSpec): FrameCodec {
    const { definition, account, secrets, where } = this.#named("codec", name);
    const { meter } = this.#around;
    const context = { options: options as Options, secrets };
    const { encode, decode } = definition;
    return {
      encode(frame) {
        if (!encode) return frame;
        try {
          return String(meter.sync(account, () => encode.call(definition, frame, context), where));
        } catch {
          return frame;
        }
      },
      decode(frame) {
        if (!decode) return [frame];
        try {
          const made = meter.sync(account, () => decode.call(definition, frame, context), where);
          return made === undefined ? [] : [made].flat().map(String);
        } catch {
          return [frame];
        }
      },
    };
  }

  /** The code of a check; `undefined` if the name is not one of the user's own. */
  check(name: string, options: unknown): CheckCode {
    const { definition, account, secrets, where } = this.#named("check", name);
    const { meter } = this.#around;
    const called = (
      find: Find,
      run: (context: Parameters<NonNullable<typeof definition.turn>>[1]) => void,
    ) => {
      const context = {
        options: options as Options,
        secrets,
        find: (
          code: string,
          message: string,
          turn: Parameters<Find>[2],
          severity: "fail" | "warn" = "fail",
        ) => find(shorten(code, 40), shorten(message, MAX_MESSAGE), turn, severity),
      };
      try {
        meter.sync(account, () => run(context), where);
        return false;
      } catch {
        return true;
      }
    };
    const { turn, answer } = definition;
    return {
      ...defined({
        turn:
          turn &&
          ((settled: SettledTurn, find: Find) =>
            called(find, (context) => turn.call(definition, checkedTurn(settled), context))),
        answer:
          answer &&
          ((answered: AnsweredTurn, find: Find) =>
            called(find, (context) => answer.call(definition, checkedAnswer(answered), context))),
      }),
    };
  }

  /** Attributes an unhandled error to the user's own code. Returns `false` if it came from elsewhere. */
  claims(error: unknown): boolean {
    const file = this.#files.find((path) => lineIn(error, path) !== undefined);
    if (file === undefined && error instanceof Error) return false;
    const [first] = [...this.#hosted.values()];
    if (!first) return false;
    const own =
      [...this.#hosted.values()].find(({ where, account }) => where(error) !== account.place) ?? first;
    this.#around.meter.stray(own.account, `${shorten(messageOf(error), MAX_MESSAGE)} (${own.where(error)})`);
    return true;
  }

  async #logIn(
    { definition, account, secrets, where }: Hosted<"login">,
    options: unknown,
    entrant: LoginAccount,
    register: boolean,
  ): Promise<Answer<{ readonly session: Session }>> {
    const jar = new CookieJar(() => Math.round(wallNowUs() / 1000));
    const ended = await this.#around.meter.run(
      account,
      (definition.timeoutMs ?? TIMEOUT_US / 1000) * 1000,
      (call) => {
        const parts = { ...this.#parts(call, options, secrets, jar), jar };
        return definition.login(new OwnLoginContext(parts, entrant, register));
      },
      where,
    );
    return ended.ok
      ? this.#session(definition.name, ended.value, jar)
      : this.#failure(definition.name, ended.error);
  }

  async #refresh(
    { definition, account, secrets, where }: Hosted<"login">,
    options: unknown,
    { refreshToken = "", cookies, userId }: Session,
  ): Promise<Answer<{ readonly session: Session }>> {
    const { refresh, name } = definition;
    if (!refresh) return this.#failure(name, new Error("it cannot renew a session"));
    const ended = await this.#around.meter.run(
      account,
      (definition.timeoutMs ?? TIMEOUT_US / 1000) * 1000,
      (call) =>
        refresh.call(definition, new OwnContext(this.#parts(call, options, secrets, cookies)), refreshToken),
      where,
    );
    if (!ended.ok) return this.#failure(name, ended.error);
    return this.#session(name, { userId, refreshToken, ...ended.value }, cookies);
  }

  #parts(
    call: Call,
    options: unknown,
    secrets: Readonly<Record<string, string>>,
    jar: CookieJar | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): ContextParts {
    return { call, options, secrets, requests: this.#requests, jar, headers, log: this.#around.log };
  }

  #session(name: string, given: LoggedIn, jar: CookieJar | undefined): Answer<{ readonly session: Session }> {
    const doneUs = this.#around.nowUs();
    const { token, refreshToken, userId, expiresInMs } = given ?? {};
    if (typeof token !== "string" || token.length > MAX_TOKEN)
      return this.#failure(name, new Error(`it returned no token of up to ${MAX_TOKEN} characters`));
    const cookies = jar && jar.values().length > 0 ? jar : undefined;
    const session = {
      token,
      refreshToken: refreshToken || undefined,
      userId,
      ...expiryOf(token, doneUs, expiresInMs === undefined ? undefined : expiresInMs / 1000),
      ...defined({ cookies }),
    };
    return { ok: true, doneUs, session };
  }

  #failure(name: string, error: unknown): Failure {
    const doneUs = this.#around.nowUs();
    const message = `${name}: ${shorten(messageOf(error), MAX_MESSAGE)}`;
    if (error instanceof RequestFailed) {
      const { code, request } = error.answer;
      return { ok: false, kind: "unreachable", status: 0, code, message, request, doneUs };
    }
    const kind = error instanceof GivenUp ? "unreachable" : "refused";
    return { ok: false, kind, status: 0, code: undefined, message, doneUs };
  }

  /** Messages of the user's code may all differ: only a limited number are counted separately. */
  #why(name: string, error: unknown): string {
    const why = `${name}: ${shorten(messageOf(error), MAX_MESSAGE)}`;
    if (this.#messages.has(why)) return why;
    if (this.#messages.size >= MAX_MESSAGES) return `${name}: other messages`;
    this.#messages.add(why);
    return why;
  }

  #named<Kind extends ExtensionKind>(kind: Kind, name: string): Hosted<Kind> {
    const hosted = this.#hosted.get(`${kind} ${name}`);
    // The scenario file was checked with the same modules.
    if (!hosted) throw new Error(`no ${kind} named ${name} was loaded`);
    return hosted as unknown as Hosted<Kind>;
  }
}

function checkedTurn(turn: SettledTurn): CheckedTurn {
  const { user, threadId, runId, outcome, reason, told, intendedUs, terminalUs } = turn;
  const responseMs = Number.isNaN(terminalUs) ? undefined : (terminalUs - intendedUs) / 1000;
  return { user, turn: turn.turn, threadId, runId, outcome, reason, told, responseMs };
}

function checkedAnswer({ user, turn, threadId, promptId, prompt, answer }: AnsweredTurn): CheckedAnswer {
  return { user, turn, threadId, promptId, prompt, answer };
}
