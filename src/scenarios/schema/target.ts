// The schema of one target: where the backend is and how to reach it.
import { z } from "zod";
import type { StoreSpec, StoresSpec } from "../../model/log/store.js";
import type { Axes } from "../axes.js";
import { raise } from "../parse/explain.js";
import { suggestion } from "../parse/suggest.js";
import { accountsSchema } from "./accounts.js";
import { choiceSchema, documentedOwn } from "./choice.js";
import { connectSchema } from "./connect.js";
import { flag, rate, size, sound, text } from "./fields.js";
import { metricsSchema } from "./metrics.js";

export const DEFAULT_PROFILE = "golden-path";

const tlsSchema = z
  .strictObject({
    ca: text("PEM file of the certificate authority", "ca.pem").optional(),
    cert: text("PEM file of the client's certificate; needs key", "client.pem").optional(),
    key: text("PEM file of the client's key; needs cert", "client-key.pem").optional(),
    rejectUnauthorized: flag("Refuse certificates that do not verify; default true").optional(),
  })
  .meta({ id: "tls", description: "TLS files, relative to the scenario file" });

const headersSchema = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: "is not a valid name of a header" }),
    sound(
      (value) => (/[\r\n\0]/.test(value) ? "a header must be one line" : undefined),
      "Value of the header",
    ),
  )
  .describe("Extra headers of every request and upgrade");

const common = {
  embedded: flag("The reference backend, started and stopped by the run").optional(),
  url: webUrl("Where the backend is", "https://api.staging.example.com").optional(),
  authUrl: webUrl("Where logins go, if not to url", "https://auth.staging.example.com").optional(),
  accounts: accountsSchema.optional(),
  connect: connectSchema.optional(),
  tls: tlsSchema.optional(),
  proxy: webUrl("HTTP proxy for all traffic", "http://proxy.example.com:3128").optional(),
  origin: webUrl("Origin header of requests and upgrades", "https://app.example.com").optional(),
  headers: headersSchema.optional(),
  clock: z
    .enum(["same", "unknown"])
    .describe("Whether the target's wall clock is this machine's; default unknown, same when embedded")
    .optional(),
  trace: flag(
    "Tell the target the trace of each turn and connection: header `traceparent` (W3C); default true",
  ).optional(),
  metrics: metricsSchema(headersSchema).optional(),
  limits: z
    .strictObject({
      frame: size("Largest frame that is accepted; default 1MiB", "1MiB", {
        min: 1024,
        max: 268_435_456,
      }).optional(),
    })
    .describe("Bounds against a misbehaving target")
    .optional(),
};

/** Where a backend of this profile keeps its messages; a store with an empty URL is left out. */
function storesSchema(stores: Axes["stores"], profile: string) {
  const each = Object.entries(stores).map(([name, axis]) => [name, axis.schema(profile).optional()] as const);
  return z
    .strictObject({
      probes: rate("Probes a second of each store while the load runs; default 5/s", "5/s", {
        min: 0.01,
        max: 100,
      }).optional(),
      ...Object.fromEntries(each),
    })
    .transform(({ probes, ...written }): StoresSpec => {
      const list = Object.values(written as Record<string, StoreSpec | undefined>);
      return { probesPerSecond: probes ?? 5, list: list.filter((store) => store !== undefined) };
    })
    .describe("Where the backend keeps its messages, to be looked at directly; read only");
}

/** @param profile of the target: its schema parses the options */
export function targetSchema(
  { profiles, stores, own }: Pick<Axes, "profiles" | "stores" | "own">,
  profile: string,
) {
  const options = Object.hasOwn(profiles, profile) ? profiles[profile]?.schema : undefined;
  return z
    .strictObject({
      ...common,
      profile: profileSchema(profiles),
      options: (options ?? z.unknown()).optional(),
      stores: storesSchema(stores, profile).optional(),
      login: choiceSchema("log-in", own?.logins).optional(),
      codec: choiceSchema("codec", own?.codecs).optional(),
    })
    .transform((target) => ({ ...target, profile: target.profile ?? DEFAULT_PROFILE }));
}

export type TargetData = z.output<ReturnType<typeof targetSchema>>;

/** For the JSON Schema only: one form for each schema of options, with its profiles. */
export function documentedTarget({ profiles, stores }: Pick<Axes, "profiles" | "stores">): z.ZodType {
  const names = new Map<z.ZodType, string[]>();
  for (const [name, { schema, documented = schema }] of Object.entries(profiles))
    names.set(documented, [...(names.get(documented) ?? []), name]);
  const storage = storesSchema(stores, DEFAULT_PROFILE).meta({ id: "stores" }).optional();
  const forms = [...names].map(([schema, takers]) => {
    const summaries = takers.map((name) => `${name}: ${profiles[name]?.summary ?? ""}`).join("\n");
    const profile = z.enum(takers).describe(summaries);
    const options = schema.describe(`Options of ${takers.join(", ")}`).optional();
    return z.strictObject({
      profile: takers.includes(DEFAULT_PROFILE) ? profile.optional() : profile,
      ...common,
      options,
      stores: storage,
      login: documentedOwn("How accounts log in, by a module under `extensions`").optional(),
      codec: documentedOwn("What a module under `extensions` makes of each frame").optional(),
    });
  });
  return forms.length === 1 && forms[0] ? forms[0] : z.union(forms);
}

function profileSchema(profiles: Axes["profiles"]) {
  const names = Object.keys(profiles);
  return text("How to speak to this kind of backend")
    .superRefine((name, context) => {
      if (Object.hasOwn(profiles, name)) return;
      const fault = { path: [], message: `unknown profile \`${name}\``, hint: suggestion(name, names) };
      raise(context, [fault], []);
    })
    .optional();
}

function webUrl(description: string, example: string): z.ZodType<string> {
  return sound((value) => webUrlProblem(value, example), description, example);
}

function webUrlProblem(value: string, example: string): string | undefined {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed) return `expected a URL such as ${example}`;
  if (parsed.protocol === "ws:" || parsed.protocol === "wss:") {
    return "expected an http(s) URL: the profile derives the socket's address from it";
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return "expected an http(s) URL";
  return undefined;
}
