// The prepare phase of one worker: logs its users in, bounded in number and rate, and tries a first channel.
import pLimit from "p-limit";
import type { SampleRecorder } from "../../metrics/samples.js";
import type { RequestFailure } from "../../model/log/failed-request.js";
import { blankEvent, TOKEN_REFUSED } from "../../model/turn/event.js";
import type { Failure, Protocol, Session } from "../../profiles/profile.js";
import { accountOf } from "../../scenarios/accounts/organisations.js";
import type { Account, Accounts } from "../../scenarios/scenario.js";
import type { ConnectSpec } from "../../scenarios/schema/connect.js";
import { describeClose, describeUnready } from "../../session/channel/describe-close.js";
import { WELCOME_WAIT_US } from "../../session/channel/user-channel.js";
import { requestFailure } from "../../session/request-failure.js";
import type { Greeting, Wire } from "../../session/services.js";
import type { Clock } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import { channelName } from "../../wire/http/request-name.js";
import type { PrepareFailure } from "../process/messages.js";

/** After this many failed logins without a success, the rest are not tried: the cause is clear. */
const GIVE_UP_AFTER = 4;
const TRIES = 3;
const MAX_NOTES = 5;

export interface PrepareOptions {
  readonly users: readonly number[];
  readonly accounts: Accounts;
  readonly runLabel: string;
  readonly connect: ConnectSpec;
  readonly protocol: Protocol;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly recorder: SampleRecorder;
  readonly pace: () => Promise<void>;
  /** Learns whether the server sends a greeting, so that no user has to wait to find out. */
  readonly greeting: Greeting;
  /** A user could not log in. */
  readonly onFailure: (user: number, failure: RequestFailure) => void;
  readonly onProgress: (ready: number, failed: number) => void;
}

export interface Prepared {
  readonly sessions: ReadonlyMap<number, Session>;
  readonly failures: readonly PrepareFailure[];
  /** What people should know about how the users were logged in. */
  readonly notes: readonly string[];
}

export async function prepareUsers(options: PrepareOptions): Promise<Prepared> {
  const sessions = new Map<number, Session>();
  const failures = new Map<string, PrepareFailure>();
  const notes = new Set<string>();
  const limit = pLimit(options.connect.concurrency);
  const samples = options.recorder.phase("prepare").of("login");
  let failed = 0;
  const logIn = async (user: number): Promise<void> => {
    if (sessions.size === 0 && failed >= GIVE_UP_AFTER) return;
    await options.pace();
    const account = accountOf(options.accounts, user, options.runLabel);
    const sentUs = options.clock.nowUs();
    const answer =
      typeof account === "string" ? tokenSession(account, sentUs) : await tryLogin(account, options);
    if (answer.ok) {
      sessions.set(user, numbered(answer.session, user, options.protocol));
      if (answer.note !== undefined) notes.add(answer.note);
      if (typeof account !== "string") samples.push(Math.max(0, answer.doneUs - sentUs));
    } else {
      failed++;
      samples.censor();
      addFailure(failures, { at: "login", ...pick(answer), count: 1 });
      options.onFailure(user, requestFailure("login", answer));
    }
    options.onProgress(sessions.size, failed);
  };
  await Promise.all(options.users.map((user) => limit(() => logIn(user))));
  const first = [...sessions.values()][0];
  if (first) await tryChannels([...sessions.values()].slice(0, TRIES), options, failures);
  return { sessions, failures: [...failures.values()], notes: [...notes].slice(0, MAX_NOTES) };
}

async function tryLogin(
  account: Account,
  { protocol, accounts }: PrepareOptions,
): ReturnType<Protocol["login"]> {
  const register = accounts.kind !== "tokens" && accounts.register;
  const answer = await protocol.login(account, register);
  // Retry once if the service responded but failed; a refusal is final.
  return answer.ok || answer.kind !== "broken" ? answer : protocol.login(account, register);
}

/** Without a login, a user's name is its number. */
function numbered(session: Session, user: number, { capabilities }: Protocol): Session {
  return capabilities.logsIn === false ? { ...session, number: user } : session;
}

/** Another login of an account that exists by now. */
export async function logInAgain(
  user: number,
  accounts: Accounts,
  runLabel: string,
  protocol: Protocol,
  clock: Clock,
): ReturnType<Protocol["login"]> {
  const account = accountOf(accounts, user, runLabel);
  const answer =
    typeof account === "string" ? tokenSession(account, clock.nowUs()) : await protocol.login(account, false);
  return answer.ok ? { ...answer, session: numbered(answer.session, user, protocol) } : answer;
}

/** Another login, for a short-lived token; `undefined` if there is no login, or no way to request one. */
export function logInBriefly(
  user: number,
  accounts: Accounts,
  runLabel: string,
  protocol: Protocol,
  lifeUs: number,
): ReturnType<Protocol["login"]> | undefined {
  const account = accountOf(accounts, user, runLabel);
  return typeof account === "string" ? undefined : protocol.loginBriefly?.(account, lifeUs);
}

function tokenSession(
  token: string,
  doneUs: number,
): { readonly ok: true; readonly doneUs: number; readonly session: Session; readonly note?: string } {
  return {
    ok: true,
    doneUs,
    session: { token, refreshToken: undefined, userId: undefined, expiresAtWallUs: undefined },
  };
}

/** Opens and closes a channel for a few users: an upgrade that never works is reported before the load starts. */
async function tryChannels(
  sessions: readonly Session[],
  options: PrepareOptions,
  failures: Map<string, PrepareFailure>,
): Promise<void> {
  const attempt = options.protocol.streams ? tryHealth : tryChannel;
  const results = await Promise.all(sessions.map((session) => attempt(session, options)));
  if (results.some((failure) => failure === undefined)) return;
  for (const failure of results) if (failure) addFailure(failures, failure);
}

/** If turns are streams: checks the service's health, if it has a health check. */
async function tryHealth(
  session: Session,
  { protocol, wire }: PrepareOptions,
): Promise<PrepareFailure | undefined> {
  const request = protocol.streams?.health(session);
  if (!request) return undefined;
  const { ok, status, code, error, request: name, waitedUs } = await wire.get(request);
  if (ok) return undefined;
  const kind = status === 401 || status === 403 ? "auth" : "broken";
  const message = error ?? `HTTP ${status} of the health`;
  return {
    ...{ at: "connect", kind, status, code, message, request: name, count: 1 },
    ...defined({ waitedUs }),
  };
}

/** A channel that stays open this long after its upgrade counts as working. */
const STAYS_OPEN_US = 300_000;

function tryChannel(
  session: Session,
  { protocol, wire, clock, connect, greeting }: PrepareOptions,
): Promise<PrepareFailure | undefined> {
  return new Promise((resolve) => {
    const request = protocol.socket(session);
    const cancels: (() => void)[] = [];
    let over = false;
    const end = (failure: PrepareFailure | undefined): void => {
      if (over) return;
      over = true;
      for (const cancel of cancels) cancel();
      channel.terminate();
      resolve(failure);
    };
    const failure = (
      kind: string,
      status: number,
      code: string | undefined,
      message: string,
    ): PrepareFailure => ({
      at: "connect",
      kind,
      status,
      code,
      message,
      request: channelName(request),
      count: 1,
    });
    const event = blankEvent();
    let stayed = false;
    const openedFor = (us: number, then: () => void): void => {
      cancels.push(clock.at(clock.nowUs() + us, then));
    };
    const cancelTimeout = clock.at(clock.nowUs() + connect.timeoutUs, () =>
      end(failure("timeout", 0, undefined, describeUnready(channel.open, connect.timeoutUs))),
    );
    cancels.push(cancelTimeout);
    const channel = wire.openChannel(request, {
      onOpen() {
        cancelTimeout();
        openedFor(STAYS_OPEN_US, () => {
          stayed = true;
          if (greeting.seen || protocol.ready !== "auto") end(undefined);
        });
        openedFor(WELCOME_WAIT_US, () => {
          greeting.seen ??= false;
          end(undefined);
        });
      },
      onText(frame, _atUs, label) {
        protocol.decode(frame, event, label);
        if (event.kind === "rejected" && event.errorCode === TOKEN_REFUSED)
          end(failure("auth", 0, undefined, `${event.name}: ${event.text ?? ""}`));
        if (event.kind !== "welcome") return;
        greeting.seen = true;
        if (stayed) end(undefined);
      },
      onBinary() {},
      onPong() {},
      onClose: (info) => end(failure(info.kind, info.status, info.errorCode, describeClose(info))),
    });
  });
}

function pick(failure: Failure): Omit<PrepareFailure, "at" | "count"> {
  const { kind, status, code, message, request, waitedUs } = failure;
  return { kind, status, code, message, request, ...defined({ waitedUs }) };
}

function addFailure(failures: Map<string, PrepareFailure>, failure: PrepareFailure): void {
  const key = `${failure.at} ${failure.kind} ${failure.message}`;
  const known = failures.get(key);
  if (known || failures.size < 20) failures.set(key, { ...failure, count: (known?.count ?? 0) + 1 });
}
