// Puts plain data into the key order of its schema, and prints JSON that people can read and diff.

import { z } from "zod";
import { escapeInvisible } from "../../support/json.js";

/** The data with keys in the schema's order, and map keys sorted; keys that are not in the schema are dropped. */
export function inSchemaOrder(schema: unknown, value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (isWrapper(schema)) return inSchemaOrder(schema.unwrap(), value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => inSchemaOrder(schema.element, item));
  }
  const source = new Map(Object.entries(value));
  if (schema instanceof z.ZodObject) {
    const known = Object.entries(schema.shape).filter(([key]) => source.get(key) !== undefined);
    return Object.fromEntries(known.map(([key, part]) => [key, inSchemaOrder(part, source.get(key))]));
  }
  if (schema instanceof z.ZodRecord) {
    const keys = [...source.keys()].filter((key) => source.get(key) !== undefined).sort();
    return Object.fromEntries(keys.map((key) => [key, inSchemaOrder(schema.valueType, source.get(key))]));
  }
  return value;
}

function isWrapper(schema: unknown): schema is { unwrap(): unknown } {
  return [z.ZodNullable, z.ZodOptional, z.ZodExactOptional].some((kind) => schema instanceof kind);
}

const LINE_WIDTH = 110;

/**
 * JSON with two spaces of indent where whatever fits on a line stays on one, so that a long timeline stays
 * readable and small. Lists under `oneLineItems` print each item on one line, however long.
 */
export function readableJson(value: unknown, oneLineItems: readonly string[]): string {
  return `${escapeInvisible(print(value, "", false, oneLineItems))}\n`;
}

function print(value: unknown, indent: string, oneLine: boolean, oneLineItems: readonly string[]): string {
  const flat = JSON.stringify(value) ?? "null";
  if (value === null || typeof value !== "object") return flat;
  if (oneLine || flat.length + indent.length <= LINE_WIDTH) return spaced(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + print(item, inner, false, oneLineItems));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const text =
      oneLineItems.includes(key) && Array.isArray(item)
        ? printList(item, inner)
        : print(item, inner, false, oneLineItems);
    return `${inner}${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

function printList(items: readonly unknown[], indent: string): string {
  if (items.length === 0) return "[]";
  return `[\n${items.map((item) => `${indent}  ${JSON.stringify(item)}`).join(",\n")}\n${indent}]`;
}

function spaced(value: object): string {
  const spacedOut = JSON.stringify(value, null, 1);
  return spacedOut.replace(/\n\s*/g, " ");
}
