// The reference backend's options, and their defaults.
import { z } from "zod";
import { defined } from "../support/defined.js";
import type { DefectOrder } from "./defects/book.js";

const ms = z.number();
const count = z.int();

/** Durations of one turn's stages in milliseconds, before the seeded variation of ±20 % and the turn's weight. */
const pace = z.object({
  /** From `agent_started` to `agent_thinking`. */
  settleMs: ms,
  /** From `agent_thinking` to the first model call. */
  thinkMs: ms,
  /** Work inside the tool, between `tool_executing` and `tool_completed`. */
  toolMs: ms,
  /** After the last model call, before `agent_completed`. */
  answerMs: ms,
});
type Pace = Readonly<z.infer<typeof pace>>;

/** Bounds beyond which the service says no instead of growing. */
const limits = z.object({
  /** Largest WebSocket frame and HTTP body, in bytes; a larger frame closes the socket with 1009. */
  frameBytes: count,
  /** Longest message text, in characters. */
  contentChars: count,
  /** Deepest nesting of objects and arrays in one frame. */
  jsonDepth: count,
  /** Open sockets of one user. */
  socketsPerUser: count,
  /** Turns of one thread that wait or run; beyond it a message is rejected as `busy`. */
  turnsPerThread: count,
  /** Turns of all users that wait or run; beyond it a message is rejected as `busy`. */
  turnsInAll: count,
});
type Limits = Readonly<z.infer<typeof limits>>;

const defectOrder: z.ZodType<DefectOrder> = z.object({
  name: z.string(),
  count: count.exactOptional(),
  rate: z.number().exactOptional(),
  seed: z.number().exactOptional(),
  params: z.record(z.string(), z.unknown()).exactOptional(),
});

const options = z.object({
  /** Port of the service; 0 (the default) takes a free one. */
  port: count,
  /** Address to listen on; default 127.0.0.1. The control server always stays on loopback. */
  host: z.string(),
  /** SQLite file; default a fresh temporary one that is removed at stop. */
  databasePath: z.string(),
  /** PostgreSQL as the source of truth in place of SQLite: `postgres://user:password@host/database`. */
  databaseUrl: z.string(),
  /** Redis as the cache of recent messages and the queue for users who are away: `redis://host:6379`. */
  redisUrl: z.string(),
  /** ClickHouse for the analytics of messages, turns and events: `http://user:password@host:8123/database`. */
  clickhouseUrl: z.string(),
  pace: pace.partial(),
  limits: limits.partial(),
  /** Base URL of an OpenAI-compatible API (`https://host/v1`); default the embedded model. */
  modelUrl: z.string(),
  modelKey: z.string(),
  /** What listens at `modelUrl` fails one call where it is asked to, as the embedded model does: for the defects of the model. */
  modelFaults: z.boolean(),
  modelName: z.string(),
  /** How long one model call may take, in milliseconds; default 5000 embedded, 60000 with `modelUrl`. */
  modelTimeoutMs: ms,
  /** Life of an access token in seconds; default 3600. Fractions are kept to the second in `exp`. */
  tokenTtlSeconds: z.number(),
  /** Key that signs access tokens; default a fresh one, so that tokens end with the process. */
  tokenKey: z.string(),
  /** How long a finished, fully delivered run can still be resumed, in milliseconds; default 30000. */
  keepRunsMs: ms,
  /** How long after a connect the service waits for a `resume` before it delivers what was missed; default 500. */
  resumeGraceMs: ms,
  /** Interval of application and protocol heartbeats in milliseconds; default 15000. Two missed pongs close the socket. */
  heartbeatMs: ms,
  /** Seed of the pacing's variation; default 1. */
  seed: z.number(),
  logLevel: z.enum(["silent", "error", "warn", "info", "debug"]),
  /** Defects that are on from the start. */
  defects: z.array(defectOrder).readonly(),
});

/** All fields may be left out. The object travels to the child process as JSON. */
export const referenceOptions = options.partial();
export type ReferenceOptions = Readonly<z.infer<typeof referenceOptions>>;

/** What may be absent for good. */
type Optional =
  | "databasePath"
  | "databaseUrl"
  | "redisUrl"
  | "clickhouseUrl"
  | "modelUrl"
  | "modelKey"
  | "tokenKey";

/** The options with every default filled in. */
export type Settings = Omit<z.infer<typeof options>, "pace" | "limits" | Optional> & {
  readonly pace: Pace;
  readonly limits: Limits;
} & { readonly [K in Optional]: string | undefined };

const PACE: Pace = { settleMs: 15, thinkMs: 110, toolMs: 90, answerMs: 110 };

const LIMITS: Limits = {
  frameBytes: 1_048_576,
  contentChars: 32_768,
  jsonDepth: 32,
  socketsPerUser: 16,
  turnsPerThread: 32,
  turnsInAll: 5000,
};

/** Fills in the defaults. */
export function settingsFrom(given: ReferenceOptions): Settings {
  return {
    port: given.port ?? 0,
    host: given.host ?? "127.0.0.1",
    databasePath: given.databasePath,
    databaseUrl: given.databaseUrl,
    redisUrl: given.redisUrl,
    clickhouseUrl: given.clickhouseUrl,
    pace: { ...PACE, ...defined(given.pace ?? {}) },
    limits: { ...LIMITS, ...defined(given.limits ?? {}) },
    modelUrl: given.modelUrl,
    modelKey: given.modelKey,
    modelFaults: given.modelFaults ?? given.modelUrl === undefined,
    modelName: given.modelName ?? "gpt-4o-mini",
    modelTimeoutMs: given.modelTimeoutMs ?? (given.modelUrl ? 60_000 : 5000),
    tokenTtlSeconds: given.tokenTtlSeconds ?? 3600,
    tokenKey: given.tokenKey,
    keepRunsMs: given.keepRunsMs ?? 30_000,
    resumeGraceMs: given.resumeGraceMs ?? 500,
    heartbeatMs: given.heartbeatMs ?? 15_000,
    seed: given.seed ?? 1,
    logLevel: given.logLevel ?? "warn",
    defects: given.defects ?? [],
  };
}
