// A backend that is not the reference one, named by its URL: the same verdicts, and the server's own counts.
import { describe, expect, test } from "vitest";
import { imbalance } from "../../src/model/turn/ledger.js";
import { FULL_ONLY } from "../support/tags.js";
import { flaws } from "./support/flaws.js";
import type { Wishes } from "./support/neutral-behaviour.js";
import { neutralServer } from "./support/neutral-server.js";
import type { NeutralOptions } from "./support/neutral-service.js";
import { countedJourney, load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const ANYWHERE = { url: "http://127.0.0.1:9" };

async function runAgainst(options: NeutralOptions, scenario: Readonly<Record<string, unknown>> = {}) {
  const place = workspace(scenarioFile(ANYWHERE, { load: load(10, "2s", "200ms"), ...scenario }));
  const server = await neutralServer(options);
  const result = await place.run(["e2e", "--target", server.url]);
  return { ...result, account: server.account };
}

describe("a server that is described only by a scenario file and --target", () => {
  test("is judged clean, and gp-load attempted just the turns that the server accepted", async () => {
    const { report, account } = await runAgainst({});
    expect(flaws(report)).toEqual([]);
    expect(account.messages.length).toBeGreaterThan(30);
    expect(report.ledger.attempted).toBe(account.messages.length);
    expect(report.ledger.completed).toBe(account.responseMs().length);
    expect(imbalance(report.ledger)).toBe(0);
  });

  const shapes: readonly (readonly [string, Wishes])[] = [
    ["ids at the root and ISO timestamps", { ids: "root", stamps: "iso" }],
    ["ids and texts in data, its type in event", { ids: "data", typeKey: "event" }],
    ["ids in metadata and timestamps in milliseconds", { ids: "metadata", stamps: "milliseconds" }],
    ["no acknowledgement, no welcome, no seq", { ack: false, welcome: false, seq: false }],
    ["no timestamps at all", { stamps: "none" }],
  ];
  for (const [what, shape] of shapes) {
    test(`is judged clean with ${what}`, { tags: FULL_ONLY }, async () => {
      const { report, account } = await runAgainst(shape);
      expect([flaws(report), report.findings]).toEqual([[], []]);
      expect(report.ledger.attempted).toBe(account.messages.length);
      expect(report.ledger.completed).toBe(account.messages.length);
      expect(report.anomalies).toEqual(
        Object.fromEntries(Object.keys(report.anomalies).map((name) => [name, 0])),
      );
    });
  }
});

describe("what a server does wrong is counted just as often as it did it", { tags: FULL_ONLY }, () => {
  const counted = { journey: countedJourney(6), load: load(8, "2s", "200ms") };

  test("a dropped tool_completed is missing, and its tool unpaired", async () => {
    const { report, account, code } = await runAgainst({ every: { "drop-tool-completed": 7 } }, counted);
    const dropped = account.count("drop-tool-completed");
    expect(dropped).toBeGreaterThan(3);
    expect(report.anomalies).toMatchObject({ missing: dropped, unpairedTool: dropped, outOfOrder: 0 });
    expect(report.verdict).toBe("FAIL");
    expect(code).toBe(1);
  });

  test("a doubled agent_thinking is a duplicate", async () => {
    const { report, account, code } = await runAgainst({ every: { "double-thinking": 5 } }, counted);
    expect(account.count("double-thinking")).toBeGreaterThan(3);
    expect(report.anomalies).toMatchObject({ duplicate: account.count("double-thinking"), missing: 0 });
    expect(code).toBe(1);
  });

  test("an answer that also went to another user is a leak, and no event of the one who saw it", async () => {
    const { report, account, code } = await runAgainst({ every: { "answer-to-another-too": 6 } }, counted);
    expect(account.count("answer-to-another-too")).toBeGreaterThan(3);
    expect(report.anomalies).toMatchObject({
      leaked: account.count("answer-to-another-too"),
      duplicate: 0,
      orphan: 0,
      late: 0,
    });
    expect(report.ledger.completed).toBe(report.ledger.attempted);
    expect(code).toBe(1);
  });

  test("rows that are missing, doubled or another user's are distinguished", async () => {
    const every = { "row-missing": 7, "row-doubled": 5, "row-of-another": 11 };
    const { report, account, code } = await runAgainst({ every }, { ...counted, settle: "1s" });
    const countOf = (check: string, name: string): number =>
      report.findings.find((finding) => finding.check === check && finding.code === name)?.count ?? 0;
    // Where two mishaps meet in one message, the missing row comes first and prevents the others.
    expect(countOf("history", "answer-missing")).toBe(account.count("row-missing"));
    expect(countOf("history", "duplicate-answer")).toBe(account.count("row-doubled"));
    expect(account.count("row-of-another")).toBeGreaterThan(1);
    expect(countOf("isolation", "leak-history")).toBe(account.count("row-of-another"));
    expect(code).toBe(1);
  });

  test("frames that nobody can read are counted as unrecognised with their shape, and nothing crashes", async () => {
    const every = { "binary-frame": 4, "malformed-frame": 5, "unknown-type": 6 };
    const { report, account } = await runAgainst({ every }, counted);
    const seen =
      account.count("binary-frame") + account.count("malformed-frame") + account.count("unknown-type");
    expect(report.anomalies.unrecognised).toBe(seen);
    expect(Object.fromEntries(report.unrecognised.map(({ shape, count }) => [shape, count]))).toEqual({
      "(binary frame)": account.count("binary-frame"),
      "not a JSON object": account.count("malformed-frame"),
      "agent_mood: type,payload {mood}": account.count("unknown-type"),
    });
    expect(report.ledger.completed).toBe(report.ledger.attempted);
  });

  test("a frame beyond the limit ends its channel as too big, and the user comes back", async () => {
    const { report, account } = await runAgainst(
      { every: { "huge-frame": 12 } },
      {
        ...counted,
        turn: { timeout: "2s" },
        sla: { "message.processing": "max < 1s", "agent.response": "max < 1s" },
      },
    );
    const errors: Record<string, number> = {};
    for (const point of report.timeline)
      for (const [cause, count] of Object.entries(point.errors)) errors[cause] = (errors[cause] ?? 0) + count;
    expect(account.count("huge-frame")).toBeGreaterThan(1);
    expect(errors["closed WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"]).toBe(account.count("huge-frame"));
    expect(report.ledger.attempted).toBe(account.messages.length);
    expect(imbalance(report.ledger)).toBe(0);
    expect(report.ledger.inFlightAtEnd).toBe(0);
  });
});

test("what an earlier run left in the history of the same account is no leak of this one", {
  tags: FULL_ONLY,
}, async () => {
  const server = await neutralServer({ oneThreadForEver: true });
  const accounts = { pattern: "person-{n}@example.com", password: "the-same-in-both" };
  const journey = ["connect", { loop: [{ send: {} }, "history"] }];
  const place = workspace(
    scenarioFile({ url: server.url, accounts }, { load: load(4, "2s", "0s"), journey }),
  );
  const first = await place.run(["e2e"]);
  const before = server.account.messages.length;
  const second = await place.run(["e2e"]);
  expect(before).toBeGreaterThan(20);
  expect(flaws(first.report)).toEqual([]);
  expect(flaws(second.report)).toEqual([]);
  expect(second.report).toMatchObject({ anomalies: { leaked: 0 }, findings: [] });
});
