// The reference backend's options, and their defaults.
import { z } from "zod";
import { defectOrder } from "./defects/book.js";

const ms = z.number();
const count = z.int();

/** Durations of one turn's stages in milliseconds, before the seeded variation of ±20 % and the turn's weight. */
const pace = z.object({
  /** From `agent_started` to `agent_thinking`. */
  settleMs: ms.default(15),
  /** From `agent_thinking` to the first model call. */
  thinkMs: ms.default(110),
  /** Work inside the tool, between `tool_executing` and `tool_completed`. */
  toolMs: ms.default(90),
  /** After the last model call, before `agent_completed`. */
  answerMs: ms.default(110),
});

/** Limits beyond which the service refuses work instead of growing. */
const limits = z.object({
  /** Largest WebSocket frame and HTTP body, in bytes; a larger frame closes the socket with 1009. */
  frameBytes: count.default(1_048_576),
  /** Longest message text, in characters. */
  contentChars: count.default(32_768),
  /** Deepest nesting of objects and arrays in one frame. */
  jsonDepth: count.default(32),
  /** Open sockets of one user. */
  socketsPerUser: count.default(16),
  /** Turns of one thread waiting or running; beyond that, messages are rejected as `busy`. */
  turnsPerThread: count.default(32),
  /** Turns of all users waiting or running; beyond that, messages are rejected as `busy`. */
  turnsInAll: count.default(5000),
});

/** All fields may be left out. The object travels to the child process as JSON. */
export const referenceOptions = z.object({
  /** Port of the service; 0 picks a free one. */
  port: count.default(0),
  /** Address to listen on. The control server always stays on loopback. */
  host: z.string().default("127.0.0.1"),
  /** SQLite file; default: a new temporary one, removed at the end. */
  databasePath: z.string().optional(),
  /** PostgreSQL as the source of truth instead of SQLite: `postgres://user:password@host/database`. */
  databaseUrl: z.string().optional(),
  /** Redis as the cache of recent messages and the queue for users who are away: `redis://host:6379`. */
  redisUrl: z.string().optional(),
  /** ClickHouse for analytics of messages, turns and events: `http://user:password@host:8123/database`. */
  clickhouseUrl: z.string().optional(),
  pace: pace.prefault({}),
  limits: limits.prefault({}),
  /** Base URL of an OpenAI-compatible API (`https://host/v1`); default the embedded model. */
  modelUrl: z.string().optional(),
  modelKey: z.string().optional(),
  /** The server at `modelUrl` can fail calls on request, like the embedded model: for defects of the model. */
  modelFaults: z.boolean().optional(),
  modelName: z.string().default("gpt-4o-mini"),
  /** How long one model call may take, in milliseconds; default 5000 embedded, 60000 with `modelUrl`. */
  modelTimeoutMs: ms.optional(),
  /** Lifetime of an access token in seconds; `exp` is in whole seconds. */
  tokenTtlSeconds: z.number().default(3600),
  /** Key that signs access tokens; default: a new one, so that tokens end with the process. */
  tokenKey: z.string().optional(),
  /** How long a finished, fully delivered run can still be resumed, in milliseconds. */
  keepRunsMs: ms.default(30_000),
  /** How long the service waits for a `resume` after a connect before it delivers what was missed. */
  resumeGraceMs: ms.default(500),
  /** Interval of application and protocol heartbeats in milliseconds. Two missed pongs close the socket. */
  heartbeatMs: ms.default(15_000),
  /** Seed of the pacing's variation. */
  seed: z.number().default(1),
  logLevel: z.enum(["silent", "error", "warn", "info", "debug"]).default("warn"),
  /** Defects that are on from the start. */
  defects: z.array(defectOrder).readonly().default([]),
});
export type ReferenceOptions = Readonly<z.input<typeof referenceOptions>>;

/** The options with every default filled in. */
export type Settings = ReturnType<typeof settingsFrom>;

export function settingsFrom(given: ReferenceOptions) {
  const settings = referenceOptions.parse(given);
  const { modelUrl, modelFaults = modelUrl === undefined } = settings;
  const { modelTimeoutMs = modelUrl ? 60_000 : 5000 } = settings;
  return { ...settings, modelFaults, modelTimeoutMs };
}
