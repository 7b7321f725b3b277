// The page about profiles names every profile, every key and every placeholder, and no others.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PLACEHOLDERS } from "../../src/profiles/generic/language/template.js";
import { genericFields } from "../../src/profiles/generic/schema/options.js";
import { PROFILES } from "../../src/profiles/index.js";
import { codeSpans, readDocument, section, tableRows } from "./markdown.js";

const PAGE = readDocument("docs/profiles.md");

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const root = z.toJSONSchema(z.strictObject(genericFields), {
  io: "input",
  unrepresentable: "any",
  target: "draft-7",
}) as Schema;

function resolved(schema: Schema): Schema {
  const name = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.split("/").at(-1);
  const { $ref, allOf, ...own } = schema;
  return name === undefined ? own : { ...resolved(root.definitions?.[name] ?? {}), ...own };
}

/** Dotted names of all keys; requests and conditions are told once and for all. */
function keysOf(schema: Schema, path: string): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, held]) => {
    const inner = resolved(held);
    const name = path + key;
    const own = [[name, inner.default] as const];
    if (inner.properties?.method || inner.properties?.equals) return own;
    if (inner.properties) return [...own, ...keysOf(inner, `${name}.`)];
    const items = inner.items && resolved(inner.items);
    return items?.properties && !items.properties.equals ? [...own, ...keysOf(items, `${name}[].`)] : own;
  });
}

const keys = keysOf(root, "");
const rows = new Map(
  tableRows(section(PAGE, "## Keys")).map(([name = "", value = ""]) => [
    name.replaceAll("`", ""),
    value.replaceAll("`", ""),
  ]),
);

describe("a key of the profile generic", () => {
  /** Told in words: the same as of `history`, and as of `carry`. */
  const told = keys.filter(([name]) => !name.startsWith("search.") && !name.startsWith("socket.carry."));

  it("has its row", () => {
    expect(told.length).toBeGreaterThan(70);
    expect(told.map(([name]) => name).filter((name) => !rows.has(name))).toEqual([]);
  });

  it("has the default that its row tells, if that is a word", () => {
    for (const [name, value] of told)
      if (typeof value === "string" || typeof value === "boolean")
        expect([name, rows.get(name)]).toEqual([name, String(value)]);
  });

  it("is there for each row of a table with defaults", () => {
    const known = new Set(keys.map(([name]) => name));
    const written = [...rows].filter(([name]) => /^[a-z][\w.[\]]*$/.test(name)).map(([name]) => name);
    expect(written.filter((name) => !known.has(name))).toEqual([]);
  });

  it("is the same for search as for history, as the page says", () => {
    const of = (what: string) =>
      keys.filter(([name]) => name.startsWith(`${what}.`)).map(([name]) => name.slice(what.length + 1));
    expect(of("search")).toEqual(of("history"));
  });
});

describe("the page", () => {
  it("has a row for every profile, and no other", () => {
    const [, , ...rest] = PAGE.split("\n## ");
    const first = tableRows(PAGE.slice(0, PAGE.length - rest.join("\n## ").length));
    const named = first.map(([name = ""]) => name.replaceAll("`", "")).filter((name) => !name.includes(" "));
    expect(named.sort()).toEqual(Object.keys(PROFILES).sort());
  });

  it("names every placeholder", () => {
    const spans = codeSpans(PAGE);
    // Those of the steps `http` and `wait-for` are explained with them.
    const { user: _, ...ofProfiles } = PLACEHOLDERS;
    const all = Object.values(ofProfiles).flat();
    expect(all.filter((name) => !spans.includes(`{${name}}`))).toEqual([]);
  });
});
