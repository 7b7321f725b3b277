// What the steps `http` and `wait-for` share: one request, its expected answer, and the values to keep from it.
import { z } from "zod";
import { compilePath, parsePath } from "../../profiles/generic/language/json-path.js";
import {
  compileTemplate,
  compileTextTemplate,
  pathTemplateSchema,
  templateSchema,
  textTemplateSchema,
} from "../../profiles/generic/language/template.js";
import { jsonOrNothing, parseJson } from "../../support/json.js";
import type { HttpAnswer } from "../../wire/http/http.js";
import type { Uses } from "../services.js";
import type { VirtualUser } from "../user/virtual-user.js";

const path = z.string().superRefine((written, context) => {
  const parsed = parsePath(written);
  if (typeof parsed === "string") context.addIssue({ code: "custom", message: parsed });
});
const NAME = /^[A-Za-z]\w{0,39}$/;
/** Longest value kept for later steps, characters. */
const MAX_KEPT = 2000;

/** Keys of both steps. */
export const REQUEST_KEYS = {
  name: z.string().min(1).max(60).optional().describe("Its name in messages; by default method and path"),
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).default("GET").describe("HTTP method"),
  path: pathTemplateSchema("user").describe("Below the target's url, such as /api/projects/{kept.project}"),
  headers: z
    .record(z.string(), textTemplateSchema("user"))
    .optional()
    .describe("Headers besides `authorization: Bearer {token}`, which a header of that name replaces"),
  body: templateSchema("user").optional().describe("Sent as JSON; a text is sent as it is"),
  status: z
    .union([z.number().int().min(100).max(599), z.array(z.number().int().min(100).max(599)).min(1)])
    .optional()
    .describe("Expected status; by default any 2xx"),
  values: z
    .record(path, z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe("What the answer must contain, by path: status: ready"),
  keep: z
    .record(z.string().regex(NAME, { error: "is not a name: a letter, then letters, digits and _" }), path)
    .optional()
    .describe("Values for later steps, by path: used as {kept.NAME}"),
};

export interface RequestOptions {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly status?: number | readonly number[] | undefined;
  readonly values?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  readonly keep?: Readonly<Record<string, string>> | undefined;
}

export interface Asked {
  readonly answer: HttpAnswer;
  /** Why the answer is not as expected; `undefined` if it is. */
  readonly wrong: string | undefined;
}

/** Sends the request as the user, and keeps values from the expected answer. Never rejects. */
export async function askAs(
  user: VirtualUser,
  { wire }: Uses<"wire">,
  options: RequestOptions,
): Promise<Asked> {
  const { method, headers, body } = options;
  const values = valuesOf(user);
  const named = Object.entries(headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), compileTextTemplate(value)(values) ?? ""] as const,
  );
  const token = user.session.token;
  const content = body === undefined ? undefined : compileTemplate(body)(values);
  const answer = await wire.ask({
    method,
    path: compileTextTemplate(options.path, encodeURIComponent)(values) ?? "/",
    headers: { ...(token === "" ? {} : { authorization: `Bearer ${token}` }), ...Object.fromEntries(named) },
    ...(content === undefined ? {} : typeof content === "string" ? { body: content } : { json: content }),
  });
  const root = jsonOrNothing(answer.body, parseJson);
  const wrong = wrongWith(answer, root, options);
  if (wrong === undefined) keep(user, root, options.keep);
  return { answer, wrong };
}

function valuesOf(user: VirtualUser): Record<string, unknown> {
  const { token, number, userId = number } = user.session;
  const kept = [...user.kept].map(([name, value]) => [`kept.${name}`, value]);
  return { user: user.number, token, userId, threadId: user.threads[0]?.id, ...Object.fromEntries(kept) };
}

function wrongWith(
  { status, ok, error }: HttpAnswer,
  root: unknown,
  { status: wished, values }: RequestOptions,
): string | undefined {
  if (error !== undefined) return error;
  const right = wished === undefined ? ok : [wished].flat().includes(status);
  if (!right) return `answered ${status}`;
  for (const [at, value] of Object.entries(values ?? {}))
    if (read(root, at) !== value) return `${at} is not ${JSON.stringify(value)}`;
  return undefined;
}

function keep(user: VirtualUser, root: unknown, named: RequestOptions["keep"]): void {
  for (const [name, at] of Object.entries(named ?? {})) {
    const value = read(root, at);
    if (value === undefined || value === null) user.kept.delete(name);
    else
      user.kept.set(
        name,
        (typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, MAX_KEPT),
      );
  }
}

function read(root: unknown, at: string): unknown {
  return compilePath(at)({ root, frame: "", label: undefined });
}
