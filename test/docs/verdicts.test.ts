// The page about verdicts mentions every outcome, reason, anomaly, finding and cause, and tells the right numbers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../src/checks/index.js";
import { ANOMALIES, DELIVERIES, OUTCOMES, type Reason } from "../../src/model/turn/ledger.js";
import { minimumSamples } from "../../src/sla/samples.js";
import { codeSpans, ROOT, readDocument, section, tableRows } from "./markdown.js";

const PAGE = readDocument("docs/verdicts.md");

/** Checked by the compiler: the reasons that there are. */
const REASONS: Readonly<Record<Reason, true>> = {
  error_event: true,
  no_answer: true,
  not_connected: true,
  no_login: true,
  no_thread: true,
  refused: true,
  busy: true,
  late_terminal: true,
  stored_answer: true,
  no_events: true,
  ack_only: true,
  no_terminal: true,
  closed: true,
  in_flight: true,
};

/** Literals behind a marker in source files; at least `least`, so that the search itself cannot fall silent. */
function literals(paths: readonly string[], pattern: RegExp, least: number): readonly string[] {
  const found = paths.flatMap((path) =>
    [...readFileSync(join(ROOT, "src", path), "utf8").matchAll(pattern)].map(([, text = ""]) => text),
  );
  expect(found.length).toBeGreaterThanOrEqual(least);
  return [...new Set(found)];
}

const without = (spans: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((name) => !spans.includes(name));

describe("the ledger", () => {
  const spans = codeSpans(section(PAGE, "## The ledger"));

  it("has all outcomes, reasons and deliveries", () => {
    expect(without(spans, [...OUTCOMES, ...Object.keys(REASONS), ...DELIVERIES])).toEqual([]);
  });

  it("has the outcomes in the order of the account", () => {
    const rows = tableRows(section(PAGE, "## The ledger")).map(([name = ""]) => name.replaceAll("`", ""));
    expect(rows).toEqual(OUTCOMES);
  });
});

describe("anomalies", () => {
  it("stand in their order of precedence, those of frames in the table", () => {
    const part = section(PAGE, "## Anomalies");
    const rows = tableRows(part).map(([name = ""]) => name.replaceAll("`", ""));
    expect(rows).toEqual(ANOMALIES.filter((name) => name !== "missing" && name !== "unpairedTool"));
    expect(without(codeSpans(part), ANOMALIES)).toEqual([]);
  });
});

describe("checks", () => {
  const spans = codeSpans(section(PAGE, "## Checks"));

  it("are all there", () => {
    expect(without(spans, Object.keys(CHECKS))).toEqual([]);
  });

  it("have the codes of all their findings", () => {
    const files = readdirSync(join(ROOT, "src/checks"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join("checks", name));
    const codes = literals(files, /\bfind\(\s*"([\w-]+)"/g, 6);
    expect(without(spans, codes)).toEqual([]);
    const lookups = literals(["session/lookup/search-hits.ts"], /^ {2}"([\w-]+)": "/gm, 6);
    expect(without(spans, lookups)).toEqual([]);
    expect(without(spans, literals(["run/coordinator/run-state.ts"], /\bwarn\(\s*"([\w-]+)"/g, 4))).toEqual(
      [],
    );
  });
});

describe("INVALID", () => {
  it("has a row for every cause", () => {
    const spans = codeSpans(section(PAGE, "## INVALID, and what to do"));
    const codes = [
      ...literals(["sla/verdict.ts"], /(?:\badd\(\s*|code: )"([\w-]+)"/g, 9),
      ...literals(["run/coordinator/start-failures.ts", "run/coordinator/footer.ts"], /code: "([\w-]+)"/g, 8),
    ];
    expect(without(spans, codes)).toEqual([]);
  });
});

describe("minimum samples", () => {
  it("are as many as the program wants", () => {
    const part = section(PAGE, "## How a threshold is judged");
    const [head = ""] = part.split("\n").filter((line) => line.startsWith("| percentile"));
    const names = head.split("|").slice(2, -1);
    const row = tableRows(part).find(([name]) => name === "samples") ?? [];
    expect(names.length).toBe(row.length - 1);
    for (const [at, cell] of names.entries()) {
      for (const [, percent = ""] of cell.matchAll(/p([\d.]+)/g)) {
        const wanted = minimumSamples(Math.round(Number(percent) * 1000));
        expect([percent, row[at + 1]?.replace(",", "")]).toEqual([percent, String(wanted)]);
      }
    }
  });
});
