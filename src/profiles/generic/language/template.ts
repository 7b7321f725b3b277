// Templates: any JSON with placeholders such as `{text}`, checked when the file is read, compiled to a closure.
//
//   "{text}"            the value itself; its key is left out if there is none
//   "Bearer {token}"    inside a longer text; nothing if there is no value
//   "{token|base64url}" through a filter: base64, base64url, json (quoted and escaped), url (percent-encoded)
//   "{{text}}"          the letters `{text}`
//   { $json: … }        the JSON of this value as text: JSON inside strings
import { z } from "zod";
import { raise } from "../../../scenarios/parse/explain.js";
import { suggestion } from "../../../scenarios/parse/suggest.js";
import { nowUs, wallMinusMonoUs } from "../../../support/clock.js";

/** Values of placeholders by name. */
export type Values = Readonly<Record<string, unknown>>;
export type Template = (values: Values) => unknown;

const PLACEHOLDER = /\{\{([^{}]*)\}\}|\{([A-Za-z][\w.]*)(?:\|([A-Za-z0-9]+))?\}/g;
const JSON_KEY = "$json";

const FILTERS: Readonly<Record<string, (value: unknown) => string>> = {
  base64: (value) => Buffer.from(plainText(value)).toString("base64"),
  base64url: (value) => Buffer.from(plainText(value)).toString("base64url"),
  json: (value) => JSON.stringify(value ?? "") ?? '""',
  url: (value) => encodeURIComponent(plainText(value)),
};

/** Which placeholders are allowed where, each with a description for the documentation. */
export const PLACEHOLDERS = {
  account: ["email", "password", "name", "uuid"],
  session: ["token", "refreshToken", "userId", "uuid", "now", "beat"],
  message: [
    "text",
    "threadId",
    "messageId",
    "requestId",
    "messages",
    "metadata",
    "outputTokens",
    "traceparent",
  ],
  said: ["role", "text"],
  thread: ["title"],
  user: ["user", "token", "userId", "threadId"],
  page: ["threadId", "limit", "offset", "page", "order", "traceparent"],
  search: ["text", "threadId", "role", "limit", "offset", "page"],
  control: ["runId", "threadId", "messageId"],
  decision: ["askId", "decision", "approved", "decided", "answer", "each"],
  repeat: ["text", "messages", "metadata", "calls"],
  call: ["toolId", "toolName", "toolInput", "toolOutput", "toolState"],
  resume: ["runId", "afterSeq", "lastEventId", "threadId", "messageId", "traceparent"],
} as const;

type Place = keyof typeof PLACEHOLDERS;

/** A template that may contain placeholders of these places; wrong ones are reported where they are written. */
export function templateSchema(...places: readonly Place[]): z.ZodType<unknown> {
  const known = places.flatMap((place) => [...PLACEHOLDERS[place]]);
  return z.unknown().superRefine((value, context) => raise(context, templateFaults(value, known, []), []));
}

/** The same where only text makes sense, as in a path or a header. */
export function textTemplateSchema(...places: readonly Place[]): z.ZodType<string> {
  const known = places.flatMap((place) => [...PLACEHOLDERS[place]]);
  return z
    .string({ error: "expected text, in quotes if it starts with a brace" })
    .superRefine((value, context) => raise(context, templateFaults(value, known, []), []));
}

/** The same where bare numbers, true and false count as text: query parameters, headers, forms. */
export function valueTemplateSchema(...places: readonly Place[]): z.ZodType<string> {
  const bare = z.union([z.number(), z.boolean()]).transform(String);
  return z.union([textTemplateSchema(...places), bare]);
}

/** The path of a request below the target's url. */
export function pathTemplateSchema(...places: readonly Place[]): z.ZodType<string> {
  return textTemplateSchema(...places).refine((path) => path.startsWith("/"), {
    error: 'a path starts with "/"; the host is the target\'s url',
  });
}

type Fault = Parameters<typeof raise>[1][number];

function templateFaults(
  value: unknown,
  known: readonly string[],
  path: readonly (string | number)[],
): Fault[] {
  if (typeof value === "string") return textFaults(value, known, path);
  if (Array.isArray(value)) return value.flatMap((item, at) => templateFaults(item, known, [...path, at]));
  if (typeof value !== "object" || value === null) return [];
  if (JSON_KEY in value && Object.keys(value).length > 1)
    return [{ path, message: `\`${JSON_KEY}\` must be the only key: its value becomes a text` }];
  const [only] = Object.entries(value);
  if (only && only[1] === null && Object.keys(value).length === 1 && known.includes(only[0]))
    return [
      {
        path,
        message: `\`{${only[0]}}\` needs quotes: without them YAML reads a map`,
        hint: `"{${only[0]}}"`,
      },
    ];
  return Object.entries(value).flatMap(([key, held]) => templateFaults(held, known, [...path, key]));
}

/** Whether a template contains a placeholder of that name; double braces do not count. */
export function holdsPlaceholder(written: unknown, wanted: string): boolean {
  if (typeof written === "string")
    return [...written.matchAll(PLACEHOLDER)].some(
      ([, literal, name]) => literal === undefined && name === wanted,
    );
  if (typeof written !== "object" || written === null) return false;
  return Object.values(written).some((held) => holdsPlaceholder(held, wanted));
}

function textFaults(text: string, known: readonly string[], path: readonly (string | number)[]): Fault[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([whole, literal, name = "", filter]): Fault[] => {
    if (literal !== undefined) return [];
    if (!known.includes(name) && !name.startsWith("kept.") && !name.startsWith("ping.")) {
      const hint = suggestion(name, known) ?? `known here: ${known.join(", ")}`;
      return [{ path, message: `unknown placeholder \`${whole}\``, hint }];
    }
    if (filter !== undefined && !Object.hasOwn(FILTERS, filter)) {
      const hint = suggestion(filter, Object.keys(FILTERS)) ?? `known: ${Object.keys(FILTERS).join(", ")}`;
      return [{ path, message: `unknown filter \`${filter}\` in \`${whole}\``, hint }];
    }
    return [];
  });
}

export function compileTemplate(written: unknown): Template {
  if (typeof written === "string") return compileText(written);
  if (Array.isArray(written)) {
    const items = written.map(compileTemplate);
    return (values) => items.map((item) => item(values) ?? null);
  }
  if (typeof written !== "object" || written === null) return () => written;
  const entries = Object.entries(written).map(([key, held]) => [key, compileTemplate(held)] as const);
  const [only] = entries;
  if (only?.[0] === JSON_KEY) return (values) => JSON.stringify(only[1](values)) ?? "";
  return (values) => {
    const made: Record<string, unknown> = {};
    for (const [key, held] of entries) {
      const value = held(values);
      if (value !== undefined) made[key] = value;
    }
    return made;
  };
}

/** The text of a template; `undefined` if it is a single placeholder without a value. */
export function compileTextTemplate(
  written: string,
  encode: (text: string) => string = (text) => text,
): (values: Values) => string | undefined {
  const template = compileText(written, encode);
  return (values) => {
    const value = template(values);
    return value === undefined || value === null ? undefined : plainText(value);
  };
}

function compileText(text: string, encode: (text: string) => string = (part) => part): Template {
  const parts: (string | Template)[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, literal, name = "", filter] = match;
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(literal === undefined ? placeholder(name, filter) : `{${literal}}`);
    from = match.index + whole.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  const [only] = parts;
  if (parts.length === 1 && typeof only === "function") {
    return encode("/") === "/" ? only : (values) => encoded(only(values), encode);
  }
  if (parts.every((part) => typeof part === "string")) {
    const fixed = parts.join("");
    return () => fixed;
  }
  return (values) =>
    parts.map((part) => (typeof part === "string" ? part : encode(plainText(part(values))))).join("");
}

function encoded(value: unknown, encode: (text: string) => string): unknown {
  return value === undefined || value === null ? undefined : encode(plainText(value));
}

function placeholder(name: string, filter: string | undefined): Template {
  const apply = filter === undefined ? undefined : FILTERS[filter];
  if (name === "uuid") return () => globalThis.crypto.randomUUID();
  if (name === "now") return () => new Date((nowUs() + wallMinusMonoUs()) / 1000).toISOString();
  return apply ? (values) => apply(values[name]) : (values) => values[name];
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
