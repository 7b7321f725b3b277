// The schema of an HTTP request: method, path, query, headers, and a JSON or form body.
import { z } from "zod";
import { raise } from "../../../scenarios/parse/explain.js";
import {
  type PLACEHOLDERS,
  pathTemplateSchema,
  templateSchema,
  valueTemplateSchema,
} from "../language/template.js";

type Place = keyof typeof PLACEHOLDERS;

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

const made = new Map<string, ReturnType<typeof makeRequest>>();

/**
 * One schema per method and set of placeholders, so that the JSON Schema has each only once.
 * @param method the default
 */
export function requestSchema(method: (typeof METHODS)[number], ...places: readonly Place[]) {
  const id = ["request", method.toLowerCase(), ...places].join("-");
  const known = made.get(id) ?? makeRequest(id, method, places);
  made.set(id, known);
  return known;
}

function makeRequest(id: string, method: (typeof METHODS)[number], places: readonly Place[]) {
  const textMap = z.record(z.string(), valueTemplateSchema(...places));
  return z
    .strictObject({
      method: z.enum(METHODS).default(method).describe("HTTP method"),
      path: pathTemplateSchema(...places).describe(
        "Path below the target's url; placeholder values are percent-encoded",
      ),
      query: textMap.describe("Query parameters; those without a value are omitted").optional(),
      headers: textMap.describe("Headers of this request").optional(),
      body: templateSchema(...places)
        .describe("Sent as JSON")
        .optional(),
      form: textMap.describe("Sent as a form (application/x-www-form-urlencoded)").optional(),
    })
    .superRefine(({ body, form }, context) => {
      if (body === undefined || form === undefined) return;
      const message = "a request has a `body` or a `form`, not both";
      raise(context, [{ path: ["form"], message, atKey: true }], []);
    })
    .meta({ id });
}

export type RequestSpec = z.infer<ReturnType<typeof requestSchema>>;
