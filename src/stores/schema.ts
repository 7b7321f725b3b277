// The schema of one store in a target: a bare connection URL, or a map with the URL and what differs from the profile.
import { z } from "zod";
import { HOLDINGS, type StoreName, type StoreSpec } from "../model/log/store.js";
import { duration, sound, whole } from "../scenarios/schema/fields.js";
import { STORE_DEFAULTS } from "./defaults.js";
import { queryProblem, type SqlParameter } from "./sql-text.js";

interface StoreKind {
  readonly store: StoreName;
  readonly schemes: readonly string[];
  readonly example: string;
  readonly windowUs: number;
  /** What `by-thread` and `by-message` must be. */
  readonly lookUp: (parameter: SqlParameter) => z.ZodType<string>;
}

const DEFAULT_TIMEOUT_US = 5_000_000;
const HOUR_US = 3_600_000_000;

function sql(parameter: SqlParameter): z.ZodType<string> {
  const column = parameter === "threads" ? "thread_id" : "message_id";
  return sound(
    (query) => queryProblem(query, parameter),
    `SELECT of id, thread_id, user_id, role, text, run_id and message_id, those that exist, by :${parameter}`,
    `SELECT id, thread_id, user_id, role, text FROM messages WHERE ${column} = ANY(:${parameter})`,
  );
}

function keyTemplate(parameter: SqlParameter): z.ZodType<string> {
  const place = parameter === "threads" ? "{thread}" : "{id}";
  const example = parameter === "threads" ? "thread:{thread}:messages" : "message:{id}";
  return sound(
    (template) => (template.includes(place) ? undefined : `must hold ${place}, such as ${example}`),
    parameter === "threads"
      ? "Key of a thread's list or sorted set of messages or their ids"
      : "Key of one message, by its id",
    example,
  );
}

export const KINDS: Readonly<Record<StoreName, StoreKind>> = {
  postgres: {
    store: "postgres",
    schemes: ["postgres:", "postgresql:"],
    example: "postgres://reader:password@db.example.com:5432/app?sslmode=verify-full",
    windowUs: 1_000_000,
    lookUp: sql,
  },
  redis: {
    store: "redis",
    schemes: ["redis:", "rediss:"],
    example: "rediss://reader:password@cache.example.com:6379/0",
    windowUs: 1_000_000,
    lookUp: keyTemplate,
  },
  clickhouse: {
    store: "clickhouse",
    schemes: ["http:", "https:"],
    example: "https://reader:password@analytics.example.com:8443/app",
    windowUs: 10_000_000,
    lookUp: sql,
  },
};

/** Parses one store of a target of this profile; `undefined` for an empty URL: it is not configured. */
export function storeSchema(kind: StoreKind, profile: string): z.ZodType<StoreSpec | undefined> {
  const url = connectionUrl(kind);
  const map = z.strictObject({
    url,
    "by-thread": kind.lookUp("threads").optional(),
    "by-message": kind.lookUp("messages").optional(),
    holds: z.enum(HOLDINGS).describe("Rows of a turn that the store keeps; default both").optional(),
    window: duration("How long after a turn's end its rows may take to appear", "1s", {
      max: HOUR_US,
    }).optional(),
    timeout: duration("Timeout of one query; default 5s", "5s", { min: 1000, max: 300_000_000 }).optional(),
    keep: whole("Most messages that the store keeps per thread; older ones are not expected", 1000, {
      min: 1,
    }).optional(),
  });
  return z
    .union([url, map], { error: `expected a connection URL such as ${kind.example}, or a map with \`url\`` })
    .transform((written, context): StoreSpec | undefined => {
      const data = typeof written === "string" ? { url: written } : written;
      if (data.url === "") return undefined;
      const own = STORE_DEFAULTS[profile]?.[kind.store];
      const given = typeof written === "string" ? undefined : written;
      const byThread = given?.["by-thread"] ?? own?.byThread;
      if (byThread === undefined) {
        context.addIssue({
          code: "custom",
          message: `the profile \`${profile}\` does not say where ${kind.store} keeps messages: write \`by-thread\``,
        });
        return z.NEVER;
      }
      return {
        store: kind.store,
        secretUrl: data.url,
        place: placeOf(data.url),
        byThread,
        // The profile's other lookup only fits the profile's own tables.
        byMessage: given?.["by-message"] ?? (given?.["by-thread"] ? undefined : own?.byMessage),
        holds: given?.holds ?? own?.holds ?? "both",
        windowUs: given?.window ?? kind.windowUs,
        timeoutUs: given?.timeout ?? DEFAULT_TIMEOUT_US,
        keep: given?.keep ?? (given?.["by-thread"] ? undefined : own?.keep),
      };
    })
    .describe(`${kind.store}: a connection URL, or a map`);
}

/** The value itself is never shown: it may contain a password. */
function connectionUrl({ schemes, example }: StoreKind): z.ZodType<string> {
  const wrong = `expected a connection URL such as ${example}`;
  const description = "Connection URL; a secret. An empty one means no store";
  return z
    .string({ error: wrong })
    .meta({ description, examples: [example] })
    .superRefine((value, context) => {
      if (value === "") return;
      const parsed = URL.canParse(value) ? new URL(value) : undefined;
      if (!parsed || !schemes.includes(parsed.protocol) || parsed.hostname === "")
        context.addIssue({ code: "custom", message: wrong });
    });
}

/** Host, port and database: everything in a URL that is not secret. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return pathname.length > 1 ? `${host}${pathname}` : host;
}
