// Turns a recording into a scenario file: what was seen becomes profile options, what is missing becomes comments.

import type { EventKind } from "../../model/turn/event.js";
import { profileNamed } from "../../profiles/index.js";
import { MADE_UP } from "../../scenarios/accounts/accounts.js";
import { isLoopback } from "../../scenarios/accounts/hosts.js";
import { loadScenarios } from "../../scenarios/load-file.js";
import { commentedYaml } from "../../scenarios/parse/yaml.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { isObject } from "../../support/json.js";
import { createRedactor, REDACTED, redactData } from "../../support/redaction.js";
import { AXES } from "../axes.js";
import { offlineProtocol } from "../offline-protocol.js";
import { type Access, findAccess } from "./access.js";
import { describeEvents } from "./event-options.js";
import { describeHistory } from "./history-options.js";
import { type Data, filled } from "./leaves.js";
import { describeMessage } from "./message.js";
import { Notes } from "./notes.js";
import { beyondPreset, kindsBy, presetFor } from "./preset.js";
import type { Recording } from "./recording.js";
import { describeSocket } from "./socket-options.js";
import { findTurns, type RecordedTurns } from "./turns.js";

export interface Described {
  /** Of the file. */
  readonly text: string;
  readonly profile: string;
  /** Event kinds that the written rules recognise in each turn, each kind once. */
  readonly kinds: readonly EventKind[];
  /** Number of frames that the written rules do not recognise. */
  readonly unrecognised: number;
  readonly turns: number;
  readonly transport: RecordedTurns["transport"];
  /** For the user: what is in the file, and what to do before using it. */
  readonly told: readonly string[];
  readonly missing: readonly string[];
}

/** Keys that a preset sets itself. */
const OF_OWN_SHAPE = [
  "transport",
  "parse",
  "events",
  "ids",
  "text",
  "timestamp",
  "zone",
  "seq",
  "tool",
  "error",
  "expects",
  "order",
  "end",
  "send",
  "conversation",
];
const PASSWORD_VARIABLE = "LOAD_PASSWORD";
const TOKENS_FILE = "tokens.txt";

/** @returns `undefined` if none of the texts was sent */
export function describe(
  recording: Recording,
  texts: readonly string[],
  url: string,
  file: string,
): Described | undefined {
  const found = findTurns(recording, texts);
  const [first] = found?.turns ?? [];
  if (!found || !first) return undefined;
  const notes = new Notes();
  const sent = found.socket ?? first.exchange;
  if (!sent) return undefined;
  const access = findAccess(recording, sent, first.atUs, notes);
  const message = describeMessage(found, recording, access, notes);
  const socket = found.socket && describeSocket(found.socket, found, access, message, notes);
  const events = describeEvents(found, socket, { ...message, userId: access.userId }, notes);
  const history = describeHistory(recording, found, message.threadId, notes);
  for (const other of found.others)
    notes.add(
      found.transport === "sse" ? "stream" : "send",
      `there was also ${other}: nothing was made of it`,
    );
  const seen: Data = {
    transport: found.transport,
    ...access.options,
    ...(socket ? { socket: socket.options } : {}),
    ...message.options,
    ...events.options,
    ...history,
  };
  if (JSON.stringify(message.options).includes('"{messages}"'))
    notes.add(
      "stream.request",
      'the client sends the whole conversation each time; a preset sends the message alone, unless its body has "{messages}" in that place',
    );
  const profile = presetFor(found, (name) => load(fileOf({ profile: name, url }, {})).target) ?? "generic";
  const options = profile === "generic" ? seen : presetOptions(profile, seen);
  const reads = profile === "generic" ? history.history !== undefined : readsHistory(profile, url, options);
  const target = filled({ profile, url, ...accountsOf(access, url), options });
  // There may be only one token.
  const data = fileOf(target, { history: reads, ...(access.users === "tokens" ? { users: 1 } : {}) });
  const remarks = new Map<string, readonly string[]>(
    [...notes.all]
      .filter(
        ([key]) =>
          profile === "generic" ||
          (key !== "history" && !OF_OWN_SHAPE.some((own) => key === own || key.startsWith(`${own}.`))),
      )
      .map(([key, lines]) => [`targets.backend.options.${key}`, lines] as const),
  );
  if (access.users === "tokens")
    remarks.set("targets.backend.accounts", [
      "one access token a line, one line a user: tokens are never written by the recorder",
    ]);
  const clean = withoutSecrets(access.secrets);
  const text = commentedYaml(clean(data), new Map([...remarks].map(([key, lines]) => [key, clean(lines)])), [
    `Written by \`gp-load record\` from ${found.turns.length === 1 ? "1 turn" : `${found.turns.length} turns`}. Check what the comments ask; every key: docs/profiles.md.`,
    `Next: gp-load try -f ${file}`,
  ]);
  const protocol = offlineProtocol(load(text).target);
  const kinds = found.turns.flatMap(({ frames }) => kindsBy(protocol, frames));
  return {
    text,
    profile,
    kinds: [...new Set(kinds)],
    unrecognised: kinds.filter((kind) => kind === "unrecognised").length,
    turns: found.turns.length,
    transport: found.transport,
    told: toldOf(access, message.created?.path, history, found),
    missing: missingOf(text),
  };
}

/** Shorter secrets are only replaced as whole values: inside longer text they may appear by chance. */
const SHORTEST_INSIDE = 8;
/** Placeholders and variables come from the recorder, even if a password looks the same. */
const WRITTEN = /(\$?\{[^{}]*\})/;

/** The data with secrets removed; the parser reports what is then missing. */
function withoutSecrets(secrets: readonly string[]): <T>(data: T) => T {
  const { redact } = createRedactor(secrets.filter((secret) => secret.length >= SHORTEST_INSIDE));
  const inText = (text: string): string =>
    secrets.includes(text)
      ? REDACTED
      : text
          .split(WRITTEN)
          .map((part) => (WRITTEN.test(part) ? part : redact(part)))
          .join("");
  return (data) => redactData(data, inText);
}

/** The file as plain data. */
function fileOf(
  target: Data,
  { history = false, users = 5 }: { readonly history?: boolean; readonly users?: number },
): Data {
  return {
    version: 1,
    targets: { backend: target },
    scenarios: {
      smoke: {
        description: "A few users ask, watch the agent work, and read the answer",
        tags: ["smoke"],
        target: "backend",
        load: { users, ramp: "2s", hold: "20s" },
        journey: [
          "connect",
          { loop: [{ send: { prompt: "mix" } }, ...(history ? ["history"] : []), { think: "500ms..2s" }] },
        ],
        checks: ["critical-events", "isolation", ...(history ? ["history"] : [])],
      },
    },
  };
}

/** Loads the file's only scenario, with dummy values for its environment variables. */
function load(written: string | Data): Scenario {
  const text = typeof written === "string" ? written : JSON.stringify(written);
  const env = Object.fromEntries(missingOf(text).map((name) => [name, "made-up-value"]));
  const source = {
    path: "recorded.yaml",
    parts: [{ path: "recorded.yaml", text }],
    axes: AXES,
    env,
    readText: () => "made-up-1\nmade-up-2\nmade-up-3\nmade-up-4\nmade-up-5",
  };
  const [scenario] = loadScenarios(source, { names: ["smoke"], tags: [] }).scenarios;
  if (!scenario) throw new Error("a recorded file has a scenario");
  return scenario;
}

/** Environment variables that a file reads. */
function missingOf(text: string): readonly string[] {
  return [
    ...new Set(
      [...text.matchAll(/(?<!\$)\$\{(?:secret:)?([A-Z_][A-Z0-9_]*)\}/g)].map(([, name = ""]) => name),
    ),
  ];
}

function accountsOf({ users, register }: Access, url: string): Data {
  const own = isLoopback(url);
  if (users === "tokens") return { accounts: { tokens: TOKENS_FILE } };
  // Accounts on this machine need no real secret.
  if (own) return { accounts: { ...MADE_UP, register: register !== undefined || users === "anybody" } };
  return { accounts: { pattern: "load-{n}@example.com", password: `\${${PASSWORD_VARIABLE}}` } };
}

/** Options that differ from the preset's. */
function presetOptions(profile: string, seen: Data): Data {
  if (profile === "golden-path") return goldenPathOptions(seen);
  const known = profileNamed(profile)?.schema.parse({}) as Data;
  const { carry, ...rest } = Object.fromEntries(
    Object.entries(seen).filter(([key]) => !OF_OWN_SHAPE.includes(key)),
  );
  const carried = isObject(carry)
    ? { carry: { name: "authorization", value: "Bearer {token}", ...carry } }
    : {};
  const { stream, socket, ...more } = { ...rest, ...carried } as Data;
  const way = isObject(socket) ? { socket: { path: socket.path } } : stream === undefined ? {} : { stream };
  return beyondPreset({ ...more, ...way }, known);
}

function goldenPathOptions({ socket, login, threads, history, carry }: Data): Data {
  const own = profileNamed("golden-path")?.schema.parse({}) as { readonly paths: Data };
  const pathOf = (data: unknown, ...keys: readonly string[]): unknown =>
    keys.reduce<unknown>((held, key) => (isObject(held) ? held[key] : undefined), data);
  const messages = pathOf(history, "request", "path");
  const paths: Data = {
    socket: pathOf(socket, "path"),
    login: pathOf(login, "request", "path"),
    threads: pathOf(threads, "create", "path"),
    messages: typeof messages === "string" ? messages.replace("{threadId}", "{id}") : undefined,
  };
  const other = Object.entries(paths).filter(([key, path]) => path !== undefined && path !== own.paths[key]);
  const carried = pathOf(socket, "carry", "in") ?? pathOf(carry, "in");
  return filled({
    paths: Object.fromEntries(other),
    carrier: (carried === "query" || carried === "subprotocol") && carried,
  });
}

function readsHistory(profile: string, url: string, options: Data): boolean {
  return offlineProtocol(load(fileOf({ profile, url, options }, {})).target).capabilities.history;
}

function toldOf(
  access: Access,
  thread: string | undefined,
  history: Data,
  { transport, turns }: RecordedTurns,
): readonly string[] {
  const [first] = turns;
  const way = first?.exchange
    ? `${first.exchange.method} ${first.exchange.path}, answered by a stream`
    : `a frame on the ${transport === "socket.io" ? "Socket.IO" : "WebSocket"} connection`;
  const entry = { accounts: "seen", tokens: "not seen: users bring tokens", anybody: "none" }[access.users];
  return [
    `log-in: ${access.login ? `${access.login.method} ${access.login.path}` : entry}`,
    `threads: ${thread === undefined ? "made up by the client" : `POST ${thread}`}`,
    `message: ${way}`,
    `history: ${history.history === undefined ? "not seen" : "seen"}`,
  ];
}
