// A run of 20 users through the journey of enterprise-100 against a server of another shape, by its profile alone.
import { parse } from "yaml";
import type { RunReport } from "../../../src/model/report/report.js";
import { blocks, readDocument } from "../../docs/markdown.js";
import { flaws } from "./flaws.js";
import { type RunResult, workspace } from "./workspace.js";

type Keys = Readonly<Record<string, unknown>>;

/** The journey of enterprise-100, quicker; `history` where the protocol has one. */
export function profileFile(target: Keys, checks: readonly string[], history: boolean): object {
  return {
    version: 1,
    targets: { system: target },
    scenarios: {
      e2e: {
        target: "system",
        load: { users: 20, ramp: "1s", hold: "5s", baseline: false },
        journey: [
          "connect",
          {
            loop: [
              { send: { prompt: "optimisation" } },
              ...(history ? ["history"] : []),
              { think: "500ms..1s" },
            ],
          },
        ],
        checks,
      },
    },
  };
}

/** The n-th worked example of the page about profiles, from 0, with another url. */
export function workedExample(at: number, url: string): object {
  const text = blocks(readDocument("docs/profiles.md"), "yaml")[at] ?? "";
  return parse(text.replace(/url: http:\/\/127\.0\.0\.1:8080\b/, `url: ${url}`)) as object;
}

/** Runs the only scenario of the file, with more time for a page on a machine that is busy. */
export function runFile(file: object): Promise<RunResult> {
  const { scenarios, ...rest } = file as { scenarios: Record<string, Keys> };
  const [[name = "", scenario = {}] = []] = Object.entries(scenarios);
  const reads = JSON.stringify(scenario.journey).includes('"history"');
  const eased = { ...scenario, sla: reads ? { "history.query": "max < 5s" } : {} };
  return workspace({ ...rest, scenarios: { [name]: eased } }).run([name]);
}

/** What the report says of its turns, for one look at a failure. */
export function summary(report: RunReport): object {
  const { ledger, anomalies } = report;
  const odd = Object.entries(anomalies).filter(([, count]) => count > 0);
  return { flaws: flaws(report), completed: ledger.completed === ledger.attempted, odd };
}

export const CLEAN = { flaws: [], completed: true, odd: [] };
