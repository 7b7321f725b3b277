// The secrets of one worker's run, removed from each of its messages to the coordinator.
//
// Text from a target reaches records and reports only through these messages. Known secrets are the scenario's and, once
// issued, the tokens and cookies of this worker's users.
import type { CheckPart } from "../../checks/check.js";
import type { Protocol, Session } from "../../profiles/profile.js";
import { secretsOf } from "../../scenarios/redacted.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { defined } from "../../support/defined.js";
import { createRedactor, type LearningRedactor, redactData } from "../../support/redaction.js";
import type { FromWorker, Snapshot } from "../process/messages.js";

/** Most issued secrets remembered, the latest ones: there are always new short-lived tokens. */
const MAX_ISSUED = 20_000;
/** Shorter cookie values are settings such as `en`, not keys. */
const MIN_COOKIE = 8;
/** The same texts recur every second: this many are redacted only once. */
const MAX_CACHED = 2000;
/** Longer texts are not cached. */
const MAX_CACHED_LENGTH = 1000;

export class SecretKeeper {
  readonly #redactor: LearningRedactor;
  /** In order of issue. */
  readonly #issued = new Set<string>();
  #cache = new Map<string, string>();
  readonly #most: number;

  constructor(scenario: Scenario, most = MAX_ISSUED) {
    this.#redactor = createRedactor(secretsOf(scenario));
    this.#most = most;
  }

  /** The same protocol, but remembers everything it issues. */
  watch(protocol: Protocol): Protocol {
    const { loginBriefly } = protocol;
    return {
      ...protocol,
      login: async (account, register) => {
        this.learn(account.password);
        return this.#learnt(await protocol.login(account, register));
      },
      refresh: async (session) => this.#learnt(await protocol.refresh(session)),
      ...(loginBriefly
        ? { loginBriefly: async (account, lifeUs) => this.#learnt(await loginBriefly(account, lifeUs)) }
        : {}),
    };
  }

  readonly redact = (text: string): string => {
    const known = this.#cache.get(text);
    if (known !== undefined) return known;
    const clean = this.#redactor.redact(text);
    if (text.length <= MAX_CACHED_LENGTH) {
      if (this.#cache.size >= MAX_CACHED) this.#cache = new Map();
      this.#cache.set(text, clean);
    }
    return clean;
  };

  /**
   * A message without secrets. Everything not listed here as harmless is redacted, so new fields are safe by default.
   * Values that other workers need stay unchanged: ids of users and threads, and numbers.
   */
  cleaned(message: FromWorker): FromWorker {
    switch (message.type) {
      case "preparing":
      case "phase":
      case "verifying":
      case "fault":
      case "turns": // Redacted text by text as the lines are written: a whole line is no text to search.
        return message;
      case "snapshot":
        return this.#cleanSnapshot(message);
      case "done":
        return { ...message, last: this.#cleanSnapshot(message.last) };
      case "prepared": {
        const { type, userIds, batches, failures, ...told } = message;
        const clean = failures.map(({ at, ...failure }) => ({ at, ...this.#clean(failure) }));
        return { type, userIds, batches, failures: clean, ...this.#clean(told) };
      }
      case "bug":
      case "note": {
        const { type, ...told } = message;
        return { type, ...this.#clean(told) } as FromWorker;
      }
      case "log":
        return {
          ...message,
          lines: message.lines.map((line) => ({ ...line, fields: this.#clean(line.fields) })),
        };
    }
  }

  learn(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) {
      if (secret === undefined || this.#issued.has(secret)) continue;
      this.#issued.add(secret);
      this.#redactor.add(secret);
      this.#cache = new Map();
      if (this.#issued.size <= this.#most) continue;
      const [oldest] = this.#issued;
      if (oldest === undefined) continue;
      this.#issued.delete(oldest);
      this.#redactor.remove(oldest);
    }
  }

  #learnt<T extends Awaited<ReturnType<Protocol["login"]>>>(answer: T): T {
    if (answer.ok) this.#learnSession(answer.session);
    return answer;
  }

  #learnSession({ token, refreshToken, cookies }: Session): void {
    this.learn(token, refreshToken);
    if (!cookies) return;
    const learnCookie = (value: string): void => {
      if (value.length >= MIN_COOKIE) this.learn(value);
    };
    for (const value of cookies.values()) learnCookie(value);
    cookies.onValue = learnCookie;
  }

  #cleanSnapshot(snapshot: Snapshot): Snapshot {
    const { type, directory, batches, deltas, goodput, generator, turns, state, ...told } = snapshot;
    const { ledgers, starts, anomalies, failures, clock, checks, ...seen } = state;
    const errors: Record<string, number> = {};
    for (const [cause, count] of Object.entries(snapshot.errors)) {
      const clean = this.redact(cause);
      errors[clean] = (errors[clean] ?? 0) + count;
    }
    return {
      type,
      directory,
      batches,
      deltas,
      goodput,
      generator,
      ...defined({ turns }),
      ...this.#clean(told),
      errors,
      state: {
        ledgers,
        starts,
        anomalies,
        clock,
        failures: failures.map(({ step, ...failure }) => ({ step, ...this.#clean(failure) })),
        ...this.#clean(seen),
        checks: Object.fromEntries(
          Object.entries(checks).map(([name, part]) => [name, this.#cleanPart(part)]),
        ),
      },
    };
  }

  #cleanPart({ memo, ...part }: CheckPart): CheckPart {
    if (!memo) return this.#clean(part);
    const entries = Object.entries(memo).map(([key, entry]) => [key, this.#cleanEntry(entry)] as const);
    return { ...this.#clean(part), memo: Object.fromEntries(entries) };
  }

  /** Of a memo: ids and numbers, or text of the target, percent-encoded and mostly JSON, whose numbers must stay numbers. */
  #cleanEntry(entry: string): string {
    if (!entry.includes("%")) return /^[\w.-]*(:\d+)*$/.test(entry) ? entry : this.redact(entry);
    const text = decodeURIComponent(entry);
    const clean = /^[[{]/.test(text) ? JSON.stringify(this.#clean(JSON.parse(text))) : this.redact(text);
    return encodeURIComponent(clean);
  }

  #clean<T>(value: T): T {
    return redactData(value, this.redact);
  }
}
