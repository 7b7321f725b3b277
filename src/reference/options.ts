// What the reference backend can be told at start, and the values that hold when it is told nothing.
import type { DefectOrder } from "./defects/book.js";

/** Durations of one turn's stages in milliseconds, before the seeded variation of ±20 % and the turn's weight. */
interface RateLimiter {
  /** From `agent_started` to `agent_thinking`. */
  readonly settleMs: number;
  /** From `agent_thinking` to the first model call. */
  readonly thinkMs: number;
  /** Work inside the tool, between `tool_executing` and `tool_completed`. */
  readonly toolMs: number;
  /** After the last model call, before `agent_completed`. */
  readonly answerMs: number;
}

/** Bounds beyond which the service says no instead of growing. */
interface Limits {
  /** Largest WebSocket frame and HTTP body, in bytes; a larger frame closes the socket with 1009. */
  readonly frameBytes: number;
  /** Longest message text, in characters. */
  readonly contentChars: number;
  /** Deepest nesting of objects and arrays in one frame. */
  readonly jsonDepth: number;
  /** Open sockets of one user. */
  readonly socketsPerUser: number;
  /** Turns of one thread that wait or run; beyond it a message is rejected as `busy`. */
  readonly turnsPerThread: number;
  /** Turns of all users that wait or run; beyond it a message is rejected as `busy`. */
  readonly turnsInAll: number;
}

/** All fields may be left out. The object travels to the child process as JSON. */
export interface ReferenceOptions {
  /** Port of the service; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. The control server always stays on loopback. */
  readonly host?: string;
  /** SQLite file; default a fresh temporary one that is removed at stop. */
  readonly databasePath?: string;
  /** PostgreSQL as the source of truth in place of SQLite: `postgres://user:password@host/database`. */
  readonly databaseUrl?: string;
  /** Redis as the cache of recent messages and the queue for users who are away: `redis://host:6379`. */
  readonly redisUrl?: string;
  /** ClickHouse for the analytics of messages, turns and events: `http://user:password@host:8123/database`. */
  readonly clickhouseUrl?: string;
  readonly pace?: Partial<RateLimiter>;
  readonly limits?: Partial<Limits>;
  /** Base URL of an OpenAI-compatible API (`https://host/v1`); default the embedded model. */
  readonly modelUrl?: string;
  readonly modelKey?: string;
  readonly modelName?: string;
  /** How long one model call may take, in milliseconds; default 5000 embedded, 60000 with `modelUrl`. */
  readonly modelTimeoutMs?: number;
  /** Life of an access token in seconds; default 3600. Fractions are kept to the second in `exp`. */
  readonly tokenTtlSeconds?: number;
  /** Key that signs access tokens; default a fresh one, so that tokens end with the process. */
  readonly tokenKey?: string;
  /** How long a finished, fully delivered run can still be resumed, in milliseconds; default 30000. */
  readonly keepRunsMs?: number;
  /** How long after a connect the service waits for a `resume` before it delivers what was missed; default 500. */
  readonly resumeGraceMs?: number;
  /** Interval of application and protocol heartbeats in milliseconds; default 15000. Two missed pongs close the socket. */
  readonly heartbeatMs?: number;
  /** Seed of the pacing's variation; default 1. */
  readonly seed?: number;
  readonly logLevel?: "silent" | "error" | "warn" | "info" | "debug";
  /** Defects that are on from the start. */
  readonly defects?: readonly DefectOrder[];
}

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
export type Settings = Required<Omit<ReferenceOptions, "pace" | "limits" | Optional>> & {
  readonly pace: RateLimiter;
  readonly limits: Limits;
} & { readonly [K in Optional]: string | undefined };

const RATE_LIMIT: RateLimiter = { settleMs: 15, thinkMs: 110, toolMs: 90, answerMs: 110 };

const LIMITS: Limits = {
  frameBytes: 1_048_576,
  contentChars: 32_768,
  jsonDepth: 32,
  socketsPerUser: 16,
  turnsPerThread: 32,
  turnsInAll: 5000,
};

/** Fills in the defaults. */
export function settingsFrom(options: ReferenceOptions): Settings {
  return {
    port: options.port ?? 0,
    host: options.host ?? "127.0.0.1",
    databasePath: options.databasePath,
    databaseUrl: options.databaseUrl,
    redisUrl: options.redisUrl,
    clickhouseUrl: options.clickhouseUrl,
    pace: { ...RATE_LIMIT, ...options.pace },
    limits: { ...LIMITS, ...options.limits },
    modelUrl: options.modelUrl,
    modelKey: options.modelKey,
    modelName: options.modelName ?? "gpt-4o-mini",
    modelTimeoutMs: options.modelTimeoutMs ?? (options.modelUrl ? 60_000 : 5000),
    tokenTtlSeconds: options.tokenTtlSeconds ?? 3600,
    tokenKey: options.tokenKey,
    keepRunsMs: options.keepRunsMs ?? 30_000,
    resumeGraceMs: options.resumeGraceMs ?? 500,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    seed: options.seed ?? 1,
    logLevel: options.logLevel ?? "warn",
    defects: options.defects ?? [],
  };
}
