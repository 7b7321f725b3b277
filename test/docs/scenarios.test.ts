// The page about the scenario file mentions every key, step, check, profile option and metric, with its real default.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AXES } from "../../src/app/axes.js";
import { isFactor, METRIC_NAMES, METRICS, type MetricName } from "../../src/model/metric.js";
import { libraryPrompts } from "../../src/scenarios/prompts/library.js";
import { effectiveRules } from "../../src/sla/defaults.js";
import { codeSpans, ROOT, readDocument, section, tableRows } from "./markdown.js";

const PROMPTS = libraryPrompts();

const PAGE = readDocument("docs/scenarios.md");
const SPANS = codeSpans(PAGE);

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly default?: unknown;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const schema = JSON.parse(readFileSync(join(ROOT, "schema/scenarios.schema.json"), "utf8")) as Schema;

/** The schema of one target (of the default profile) or scenario. */
function schemaOf(part: "targets" | "scenarios"): Schema {
  const held = schema.properties?.[part]?.additionalProperties;
  if (typeof held !== "object") throw new Error(`no schema of ${part}`);
  return held.anyOf?.[0] ?? held;
}

/** A schema where it is defined, if it is only a reference. */
function resolved(written: Schema): Schema {
  const ref = written.$ref ?? written.allOf?.[0]?.$ref;
  return (ref !== undefined && schema.definitions?.[ref.replace("#/definitions/", "")]) || written;
}

/** Dotted names of a schema's keys; of a key that holds further keys only those. */
function keysOf({ properties = {} }: Schema, depth: number): readonly string[] {
  return Object.entries(properties).flatMap(([name, written]) => {
    const inner = resolved(written);
    return inner.properties && depth > 0 ? keysOf(inner, depth - 1).map((key) => `${name}.${key}`) : [name];
  });
}

/** First cells of a section's tables, without backticks; a cell may name several. */
function firstCells(heading: string): readonly string[] {
  return tableRows(section(PAGE, heading)).flatMap(([cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

describe("a key", () => {
  it("of a target has its row", () => {
    const keys = keysOf(schemaOf("targets"), 1).map((key) => (key.startsWith("options.") ? "options" : key));
    expect(keys.length).toBeGreaterThan(15);
    const rows = firstCells("## Targets");
    expect([...new Set(keys)].filter((key) => !rows.includes(key))).toEqual([]);
  });

  it("of a scenario has its row, or its paragraph", () => {
    const keys = keysOf(schemaOf("scenarios"), 0);
    expect(keys.length).toBeGreaterThan(10);
    const rows = firstCells("## Scenarios");
    expect(keys.filter((key) => !rows.includes(key) && key !== "turn")).toEqual([]);
    expect(PAGE).toContain("`turn: { timeout: 70s, grace: 250ms }`");
  });

  it("of a load has its row", () => {
    const rows = firstCells("### Load");
    for (const key of ["users", "ramp", "hold", "stages", "baseline"]) expect(rows).toContain(key);
  });
});

describe("an option of the profile golden-path", () => {
  const options = schemaOf("targets").properties?.options ?? {};
  const rows = new Map(
    tableRows(section(PAGE, "### Profile golden-path")).map(([name = "", value = ""]) => [
      name.replaceAll("`", ""),
      value.replaceAll("`", ""),
    ]),
  );

  it("has its row, and every row its option", () => {
    const keys = keysOf(options, 1);
    expect(keys.length).toBeGreaterThan(12);
    expect([...rows.keys()].sort()).toEqual([...keys].sort());
  });

  it("has the default that its row tells", () => {
    const defaults = { ...options.properties, ...prefixed(options.properties?.paths?.properties ?? {}) };
    for (const [name, { default: value }] of Object.entries(defaults)) {
      if (typeof value === "string" || typeof value === "boolean") expect(rows.get(name)).toBe(String(value));
    }
  });
});

function prefixed(paths: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [`paths.${name}`, path]));
}

describe("steps and checks", () => {
  it("are all there, and no others", () => {
    expect([...firstCells("### Journey")].sort()).toEqual(Object.keys(AXES.steps).sort());
    expect([...firstCells("### Checks")].sort()).toEqual(Object.keys(AXES.checks).sort());
  });
});

describe("an option of a step", () => {
  const steps = (schema.definitions?.journey?.items?.anyOf ?? []).flatMap(({ properties = {} }) =>
    Object.entries(properties),
  );
  const rows = new Map(
    tableRows(section(PAGE, "### Journey")).map(([name = "", options = ""]) => [name, options]),
  );

  it("is found where there are some", () => {
    expect(steps.map(([name]) => name).sort()).toEqual(
      expect.arrayContaining(["connect", "history", "send"]),
    );
  });

  it.each(steps)("has its place in the row of `%s`", (name, { properties = {} }) => {
    const told = rows.get(`\`${name}\``) ?? "";
    expect(Object.keys(properties).filter((key) => !told.includes(`\`${key}\``))).toEqual([]);
  });
});

describe("a metric", () => {
  const rows = tableRows(section(PAGE, "### SLA"))
    .filter((row) => row.length === 4)
    .map(([name = "", unit = "", , value = ""]) => ({ name: name.replaceAll("`", ""), unit, value }));

  it("has its row, and every row its metric", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...METRIC_NAMES].sort());
  });

  it("has the unit that its row tells", () => {
    const units = { us: "time", tally: "number", money: "money", count: "count", ratio: "share" };
    for (const { name, unit } of rows) {
      expect([name, unit]).toEqual([
        name,
        isFactor(name) ? "factor" : units[METRICS[name as MetricName].unit],
      ]);
    }
  });

  it("has the default rule that its row tells", () => {
    const context = {
      produced: new Set<string>(METRIC_NAMES),
      users: 7,
      baseline: true,
      longHold: true,
      coming: true,
      memory: true,
      checks: new Set(["quality", "context"]),
    };
    const rules = new Map<string, string>(
      effectiveRules({ rules: [], off: [] }, context).map(({ metric, text }) => [metric, text]),
    );
    expect(rules.size).toBeGreaterThan(9);
    for (const { name, value } of rows) {
      const rule = rules.get(name);
      const told = /`([^`]+)`/.exec(value)?.[1];
      expect([name, told]).toEqual([name, name === "users.live" ? rule?.replace(/ 7$/, "") : rule]);
    }
  });
});

describe("what is said not to be there yet", () => {
  const producers = (metric: string): readonly string[] =>
    Object.keys(AXES.steps).filter((name) =>
      readFileSync(join(ROOT, `src/session/steps/${name}.ts`), "utf8").includes(`"${metric}"`),
    );

  it("is no metric that a step produces", () => {
    const unmeasured = tableRows(section(PAGE, "### SLA")).filter(([, , text = ""]) =>
      text.includes("nothing measures it"),
    );
    for (const [name = ""] of unmeasured) {
      const metric = name.replaceAll("`", "");
      expect(METRIC_NAMES).toContain(metric);
      expect([metric, producers(metric)]).toEqual([metric, []]);
    }
  });
});

describe("prompts", () => {
  it("of the library are all named", () => {
    expect(PROMPTS.map(({ id }) => id).filter((id) => !SPANS.includes(id))).toEqual([]);
  });
});
