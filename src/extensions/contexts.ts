// The context that the user's code gets with each call. One is made per call, so its parts are created on first use.
import type { Account as LoginAccount } from "../scenarios/scenario.js";
import type { OwnStepUser } from "../session/services.js";
import { sleep } from "../support/clock.js";
import { defined } from "../support/defined.js";
import type { LogBuffer } from "../support/log/log-lines.js";
import type { CookieJar } from "../wire/http/cookie-jar.js";
import type { ExtensionRequest, ExtensionUser, LoginContext, StepContext } from "./define.js";
import type { Call } from "./meter.js";
import type { OptionSpecs, OptionsOf } from "./options.js";
import type { Requests } from "./requests.js";

/** Options as parsed by a definition's schema: the scenario has them as plain data. */
export type Options = OptionsOf<OptionSpecs>;

/** Parts of a context. */
export interface ContextParts {
  readonly call: Call;
  readonly options: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  readonly requests: Requests;
  readonly jar: CookieJar | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly log: LogBuffer | undefined;
}

/** Its functions can be destructured: `run({ request, sleep })`. */
export class OwnContext {
  readonly options: Options;
  readonly secrets: Readonly<Record<string, string>>;
  readonly #parts: ContextParts;

  constructor(parts: ContextParts) {
    this.options = parts.options as Options;
    this.secrets = parts.secrets;
    this.#parts = parts;
  }

  get signal(): AbortSignal {
    return this.#parts.call.signal;
  }

  get request() {
    const { call, requests, jar, headers } = this.#parts;
    return (request: ExtensionRequest) => call.resumed(() => requests(request, jar, headers));
  }

  get sleep() {
    const { call } = this.#parts;
    return (ms: number) => call.resumed(() => sleep(ms * 1000));
  }

  get log() {
    const { log } = this.#parts;
    return (text: string) => log?.line("info", "extension", { message: String(text) });
  }
}

export class OwnStepContext extends OwnContext implements StepContext<Options, string> {
  readonly #user: OwnStepUser;

  constructor(parts: ContextParts, user: OwnStepUser) {
    super(parts);
    this.#user = user;
  }

  get user(): ExtensionUser {
    const { number, session, threads, kept, random } = this.#user;
    return {
      ...{ number, id: session.userId, token: session.token, threadId: threads[0]?.id, kept },
      random: () => random.next(),
    };
  }
}

export class OwnLoginContext extends OwnContext implements LoginContext<Options, string> {
  readonly account: LoginContext<Options, string>["account"];
  readonly #jar: CookieJar;

  constructor(
    parts: ContextParts & { readonly jar: CookieJar },
    { email, password, organisation }: LoginAccount,
    readonly register: boolean,
  ) {
    super(parts);
    this.account = { email, password, ...defined({ organisation }) };
    this.#jar = parts.jar;
  }

  get cookie() {
    const jar = this.#jar;
    return (name: string) => jar.value(name);
  }
}
