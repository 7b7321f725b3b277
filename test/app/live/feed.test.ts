// Promises of what a live page is told of a run.
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { endedAs, LiveFeed, type Standing } from "../../../src/app/live/feed.js";
import { watchFolder } from "../../../src/app/live/watch-folder.js";
import type { LiveMessage, OpenTurn } from "../../../src/model/report/live.js";
import type { KeptTurn } from "../../../src/model/turn/turn.js";
import { failSample } from "../../report/samples.js";
import { folded, header, second } from "../../support/records.js";
import { runLog } from "../../support/run-log.js";

const standing: Standing = { phase: "hold", rules: [] };

it("a second is reported once, and again when its turns have settled", () => {
  const fold = folded([], [second(0, [], {}), second(1, [], {})]);
  const feed = new LiveFeed(header());
  const told = (): readonly number[] => feed.next(fold, standing).points.map((point) => point.second);
  expect(told()).toEqual([0, 1]);
  expect(told()).toEqual([]);
  fold.add({ type: "goodput", second: 0, turns: 4, good: 3 });
  fold.add(second(2, [], {}));
  expect(told()).toEqual([0, 2]);
  fold.add({ type: "goodput", second: 0, turns: 1, good: 1 });
  const [point] = feed.next(fold, standing).points;
  expect(point).toMatchObject({ second: 0, intended: 5, good: 4 });
  expect(feed.all(fold, standing).points.map((one) => one.second)).toEqual([0, 1, 2]);
});

it("the last failed turn is told before it is settled, and as it was settled from then on", () => {
  const fold = folded([], [second(0, [], {})]);
  const feed = new LiveFeed(header());
  const failed = (turn: number, intendedMs: number): KeptTurn => ({
    ...{
      why: "failed",
      user: 1,
      turn,
      threadId: "t",
      phase: "hold",
      intendedMs,
      outcome: "failed",
      events: [],
    },
  });
  const told = (seen?: KeptTurn): number | undefined =>
    feed.next(fold, { ...standing, ...(seen ? { lastFailed: seen } : {}) }).lists.failed?.[0]?.turn;
  expect(told()).toBeUndefined();
  expect(told(failed(1, 5))).toBe(1);
  fold.add({ type: "turn", turn: failed(2, 9) });
  expect(told(failed(1, 5))).toBe(2);
  expect(told(failed(3, 12))).toBe(3);
  expect(told()).toBe(2);
});

it("a list is sent again only when it has changed, while a late tab gets all of them", () => {
  const fold = folded([], [second(0, [], {})]);
  const feed = new LiveFeed(header());
  const open: OpenTurn[] = [{ user: 1, turn: 0, sinceMs: 20 }];
  const told = (now: Partial<Standing>): readonly string[] =>
    Object.keys(feed.next(fold, { ...standing, ...now }).lists).sort();
  expect(told({ open })).toEqual(["failed", "faults", "notes", "open", "phases"]);
  expect(told({ open: open.map((turn) => ({ ...turn })) })).toEqual([]);
  expect(told({ open: [{ user: 1, turn: 0, sinceMs: 20, last: "agent_started", lastAtMs: 40 }] })).toEqual([
    "open",
  ]);
  fold.add({ type: "note", atMs: 5, text: "a worker was lost" });
  expect(told({ open: [] })).toEqual(["notes", "open"]);
  expect(feed.all(fold, { ...standing, open }).lists).toMatchObject({
    ...{ open, failed: [], faults: [] },
    notes: [{ text: "a worker was lost" }],
  });
});

it("a run that has ended is known by its report, where no rule is pending any more", () => {
  const { report } = failSample();
  const { ended, rules } = endedAs(report);
  expect(ended).toEqual({ verdict: "FAIL", summary: report.summary });
  const success = rules.find(({ metric }) => metric === "turns.success");
  expect(success?.holds).toBe(false);
  expect(rules.filter(({ holds }) => holds === false)).toHaveLength(
    report.sla.filter(({ verdict }) => verdict === "fail").length,
  );
});

it("a folder is watched as it grows, and its verdict told when the run has ended", async () => {
  const whole = runLog().trimEnd().split("\n");
  const path = join(await mkdtemp(join(tmpdir(), "gp-load-live-")), "run.jsonl");
  writeFileSync(path, `${whole.slice(0, 12).join("\n")}\n`);
  const stop = new AbortController();
  const url = new Promise<string>((resolve) => {
    void watchFolder({ path, port: 0, signal: stop.signal, onUrl: resolve });
  });
  const response = await fetch(`${await url}events`);
  const messages: LiveMessage[] = [];
  const read = (async () => {
    let text = "";
    for await (const part of response.body ?? []) {
      text += Buffer.from(part).toString();
      const lines = text.split("\n\n");
      text = lines.pop() ?? "";
      messages.push(...lines.map((line) => JSON.parse(line.slice("data: ".length)) as LiveMessage));
    }
  })();
  await expect.poll(() => messages.length, { timeout: 5_000 }).toBe(1);
  expect(messages[0]?.state.ended).toBeUndefined();
  expect(messages[0]?.points.length).toBeLessThan(30);
  writeFileSync(path, `${whole.join("\n")}\n`);
  await expect.poll(() => messages.at(-1)?.state.ended?.verdict, { timeout: 5_000 }).toBeDefined();
  const seconds = new Set(messages.flatMap(({ points }) => points.map((point) => point.second)));
  expect(seconds.size).toBe(30);
  stop.abort();
  await read;
});
