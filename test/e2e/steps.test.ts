// Steps and checks beyond the plain walk: each check finds its defect, seeded three times, three times.
import { describe, expect, test } from "vitest";
import { imbalance } from "../../src/model/ledger.js";
import type { RunReport } from "../../src/model/report.js";
import type { DefectOrder } from "../../src/reference/defects/book.js";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { reference } from "./support/reference.js";
import { scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const COUNT = 3;
const USERS = 4;

interface Walk {
  readonly journey: readonly unknown[];
  readonly checks: readonly unknown[];
  readonly options?: ReferenceOptions;
}

/** Longer than the grace window, so that the turn before it is remembered. */
const PAUSE = { think: "350ms" };
const repeat = (times: number, ...steps: readonly unknown[]) => ({ loop: { steps, times } });

const SEARCH: Walk = {
  journey: ["connect", repeat(3, { send: {} }, PAUSE, "search")],
  checks: ["search", "isolation", "history"],
};

const PROBE: Walk = {
  journey: ["connect", repeat(3, { send: {} }, PAUSE, "probe")],
  checks: ["access", "isolation", "history", "critical-events"],
};

const BURST: Walk = {
  journey: [
    { connect: { threads: 2 } },
    { barrier: { at: "300ms" } },
    repeat(2, { burst: { messages: 5 } }, { send: { thread: 2 } }, PAUSE),
  ],
  checks: ["ordering", "critical-events", "isolation", "history"],
};
const AWAY: Walk = {
  journey: [
    "connect",
    repeat(
      2,
      { send: {} },
      { burst: { messages: 2, wait: false } },
      { think: "150ms" },
      { offline: { for: "700ms" } },
      { think: "1200ms" },
      "logout",
      { page: { limit: 3 } },
      { page: { limit: 2, order: "desc" } },
    ),
  ],
  checks: ["paging", "ordering", "critical-events", "isolation", "history"],
};
/** Turns that last longer than it takes to call them a burst, whatever their weight. */
const UNHURRIED: ReferenceOptions = { pace: { settleMs: 20, thinkMs: 400, toolMs: 100, answerMs: 200 } };
const EVENTS: Walk = {
  journey: ["connect", repeat(3, { send: {} }, PAUSE)],
  checks: [{ burstiness: { strict: true } }, "contract", "critical-events"],
  options: UNHURRIED,
};

interface Case {
  readonly walk: Walk;
  readonly defect: Omit<DefectOrder, "count">;
  /** Findings of severity fail, as `check/code` → count; there must be no others. */
  readonly findings: Readonly<Record<string, number>>;
}

const CASES: readonly Case[] = [
  { walk: SEARCH, defect: { name: "search-misses-hit" }, findings: { "search/hit-missing": COUNT } },
  {
    walk: SEARCH,
    defect: { name: "search-foreign-hit" },
    findings: { "search/hit-foreign": COUNT, "isolation/leak-search": COUNT },
  },
  {
    walk: PROBE,
    defect: { name: "history-without-owner-check" },
    findings: { "access/breach-history-as-other-user": COUNT },
  },
  {
    walk: PROBE,
    defect: { name: "socket-accepts-foreign-thread" },
    findings: { "access/breach-socket-as-other-user": COUNT },
  },
  {
    walk: PROBE,
    defect: { name: "endpoint-without-check" },
    findings: { "access/breach-search-as-other-user": COUNT },
  },
  {
    walk: PROBE,
    defect: { name: "endpoint-without-check", params: { endpoint: "threads" } },
    findings: { "access/breach-threads-as-nobody": COUNT },
  },
  { walk: BURST, defect: { name: "answer-out-of-order" }, findings: { "ordering/overtaken": COUNT } },
  {
    walk: AWAY,
    defect: { name: "row-stored-twice", params: { role: "user" } },
    findings: { "paging/message-doubled": COUNT, "history/message-doubled": COUNT },
  },
  { walk: EVENTS, defect: { name: "burst-at-end" }, findings: { "burstiness/burst-at-end": COUNT } },
  { walk: EVENTS, defect: { name: "unknown-event" }, findings: { "contract/unrecognised": COUNT } },
];

const CLEAN: Readonly<Record<string, Walk>> = {
  search: SEARCH,
  probe: PROBE,
  burst: BURST,
  "going away": AWAY,
  "events as they come": EVENTS,
};

async function run({ journey, checks, options }: Walk, defects: readonly DefectOrder[] = []) {
  const backend = await reference({ ...options, defects });
  const place = workspace(
    scenarioFile(
      { url: backend.url },
      {
        load: { users: USERS, ramp: "0s", hold: "14s", baseline: false },
        journey,
        checks,
        settle: "1s",
        sla: { "users.live": "off", "history.query": "max < 5s", "search.query": "max < 5s" },
      },
    ),
  );
  const { report, code } = await place.run(["e2e"]);
  const injected = await Promise.all(defects.map(({ name }) => backend.injected(name)));
  return { report, code, injected };
}

function failuresOf({ findings }: RunReport): Readonly<Record<string, number>> {
  return Object.fromEntries(
    findings.flatMap(({ check, code, severity, count }) =>
      severity === "fail" ? [[`${check}/${code}`, count]] : [],
    ),
  );
}

describe(`each check finds its defect, seeded ${COUNT} times, just as often`, () => {
  test.each(CASES.map((one) => [one.defect.name, one] as const))("%s", async (_name, one) => {
    const { report, code, injected } = await run(one.walk, [{ ...one.defect, count: COUNT }]);
    expect(injected).toEqual([COUNT]);
    expect(failuresOf(report)).toEqual(one.findings);
    for (const finding of report.findings.filter(({ severity }) => severity === "fail")) {
      expect(finding.evidence).toHaveLength(COUNT);
      for (const { user, seen } of finding.evidence) {
        expect(user).toBeGreaterThanOrEqual(0);
        expect(seen).toBeTruthy();
      }
    }
    expect([report.verdict, code]).toEqual(["FAIL", 1]);
    expect(imbalance(report.ledger)).toBe(0);
  });

  test("slow-search breaks the limit of search.query", async () => {
    const slow = { name: "slow-search", count: COUNT, params: { ms: 5500 } };
    const { report, code, injected } = await run(SEARCH, [slow]);
    expect(injected).toEqual([COUNT]);
    const judged = report.sla.find(({ metric }) => metric === "search.query");
    expect(judged).toMatchObject({ verdict: "fail", violations: COUNT });
    expect([failuresOf(report), report.verdict, code]).toEqual([{}, "FAIL", 1]);
  });

  test.each(Object.entries(CLEAN))("%s finds nothing where nothing was seeded", async (_name, walk) => {
    const { report } = await run(walk);
    expect(failuresOf(report)).toEqual({});
    expect(report.checks.map(({ status }) => status)).toEqual(walk.checks.map(() => "clean"));
    expect(report.ledger.completed).toBe(report.ledger.attempted);
    expect(report.verdict, report.summary).not.toBe("FAIL");
  });
});
