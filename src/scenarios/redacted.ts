// Finds the secrets of a scenario by their position, and copies it without them for reports.
import { createHash } from "node:crypto";
import { isSecretName, REDACTED, redactUrl, urlPasswords } from "../support/redaction.js";
import type { Scenario, Trace } from "./scenario.js";

/** A template says where a secret goes, and is not one itself. */
const PLACEHOLDER = /^[^{}]{0,40}\{[A-Za-z][\w.|]*\}[^{}]{0,40}$/;

/** Keys of profile options that map names on the wire to kinds of event. */
const NAMES_EVENTS: readonly string[] = ["kinds", "events"];

/**
 * All secret values in plain data: under names such as `password` or `token`, in headers such as `authorization`, in the
 * user part of URLs, and those marked `${secret:NAME}` in the file (kept in `secrets`).
 */
export function secretsOf(data: unknown): readonly string[] {
  const found = new Set<string>();
  collect(data, false, found, false);
  return [...found];
}

/** @param named the keys are a backend's names of events, where `stream_token` is not a secret */
function collect(value: unknown, secret: boolean, found: Set<string>, named: boolean): void {
  if (typeof value === "string") {
    if (secret && !PLACEHOLDER.test(value)) {
      found.add(value);
      // `Authorization: Bearer abc`: the credential is a secret without its scheme, too.
      const credential = /^\w+\s+(\S+)$/.exec(value)?.[1];
      if (credential) found.add(credential);
    }
    for (const password of urlPasswords(value)) found.add(password);
  } else if (Array.isArray(value)) for (const item of value) collect(item, secret, found, false);
  else if (typeof value === "object" && value !== null) {
    for (const [key, held] of Object.entries(value))
      if (key !== "setCookie")
        collect(held, secret || (!named && holdsSecrets(key)), found, NAMES_EVENTS.includes(key));
  }
}

/** A copy to show: secrets are `***`, and long lists are only counted. */
export function redactedScenario(scenario: Scenario): Record<string, unknown> {
  const { secrets = [], ...shown } = scenario;
  const accounts = scenario.target.accounts;
  const counted =
    accounts.kind === "list"
      ? { kind: accounts.kind, accounts: accounts.accounts.length, register: accounts.register }
      : accounts.kind === "tokens"
        ? { kind: accounts.kind, tokens: accounts.tokens.length }
        : accounts;
  const { load, conversations } = scenario;
  const bare = {
    ...shown,
    target: { ...scenario.target, accounts: counted },
    ...(conversations ? { conversations: summaryOf(conversations) } : {}),
    ...("trace" in load && load.trace ? { load: { ...load, trace: tracedSummary(load.trace) } } : {}),
  };
  return copied(bare, false, new Set(secrets), false) as Record<string, unknown>;
}

/** The length of a list, and a digest to distinguish lists. */
function summaryOf(list: readonly unknown[]): Record<string, unknown> {
  const digest = createHash("sha256").update(JSON.stringify(list)).digest("hex").slice(0, 12);
  return { count: list.length, digest };
}

function tracedSummary({ file, speed, atUs, inputTokens, outputTokens }: Trace): Record<string, unknown> {
  return { file, speed, ...summaryOf([...atUs, ...inputTokens, ...outputTokens]), count: atUs.length };
}

function copied(value: unknown, secret: boolean, marked: ReadonlySet<string>, named: boolean): unknown {
  if (typeof value === "string") return secret ? REDACTED : cleaned(value, marked);
  if (Array.isArray(value)) return value.map((item) => copied(item, secret, marked, false));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      copied(held, secret || (!named && holdsSecrets(key)), marked, NAMES_EVENTS.includes(key)),
    ]),
  );
}

function cleaned(value: string, marked: ReadonlySet<string>): string {
  return [...marked].reduce((text, secret) => text.replaceAll(secret, REDACTED), redactUrl(value));
}

function holdsSecrets(key: string): boolean {
  return key === "secrets" || isSecretName(key);
}
