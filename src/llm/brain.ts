// The answers of a model without a script: first a tool, if one is offered, then text made from the prompt.
import { isObject } from "../support/json.js";
import { type Brain, type ModelRequest, type OfferedTool, promptOf, toolResults } from "./conversation.js";

/** Words and hex digits joined by hyphens, as gp-load marks its messages. */
export const REFERENCE = /\b(?:[a-z]+-){3,7}[0-9a-f]{4,}\b/g;
const FIGURE = /\$?\d[\d.,]*\d|\d/g;
/** The answer quotes only from this many characters of a prompt. */
const QUOTED = 20_000;
const MAX_QUOTED = 8;

/** Calls the first tool once, then answers with the prompt's own figures and references. */
export const defaultBrain: Brain = (request) => {
  const results = toolResults(request);
  const [tool] = request.tools;
  if (tool && results.length === 0) return { text: "", tools: [callOf(tool, promptOf(request))] };
  const text = wordsOn(request, results);
  return { text: request.json ? JSON.stringify({ answer: text }) : text, tools: [] };
};

function wordsOn(request: ModelRequest, results: readonly string[]): string {
  const prompt = promptOf(request).slice(0, QUOTED);
  const references = [...new Set(prompt.match(REFERENCE) ?? [])].slice(0, MAX_QUOTED);
  const figures = (prompt.replace(REFERENCE, " ").match(FIGURE) ?? []).slice(0, MAX_QUOTED);
  const basis =
    figures.length > 0
      ? `The figures to work from are ${figures.join(", ")}.`
      : "There are no figures in the question, so this is a plan in general terms.";
  const shown = results.length > 0 ? ` The tool reported: ${results[0]?.slice(0, 200)}.` : "";
  const closing = references.length > 0 ? `\n\nReference: ${references.join(", ")}` : "";
  return (
    `${basis}${shown} First measure where the largest part goes, then change one thing at a time, beginning with ` +
    `the cheapest. Compare again after thirty days, and keep what helped.${closing}`
  );
}

function callOf({ name, parameters }: OfferedTool, prompt: string) {
  const value = sampleFor(parameters ?? { type: "object" }, prompt, 0);
  return { name, arguments: JSON.stringify(value) };
}

/** A value that a JSON Schema accepts, judging by types, enums and required properties. */
function sampleFor(schema: Readonly<Record<string, unknown>>, prompt: string, depth: number): unknown {
  const choices = schema.enum;
  if (Array.isArray(choices) && choices.length > 0) return choices[0];
  if (depth > 5) return null;
  switch (schema.type) {
    case "object": {
      const properties = isObject(schema.properties) ? schema.properties : {};
      const required = Array.isArray(schema.required) ? schema.required : Object.keys(properties);
      return Object.fromEntries(
        required.flatMap((key) => {
          const property = typeof key === "string" ? properties[key] : undefined;
          return isObject(property) ? [[key, sampleFor(property, prompt, depth + 1)]] : [];
        }),
      );
    }
    case "array":
      return isObject(schema.items) ? [sampleFor(schema.items, prompt, depth + 1)] : [];
    case "number":
    case "integer":
      return typeof schema.minimum === "number" ? schema.minimum : 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return prompt.slice(0, 200);
  }
}
