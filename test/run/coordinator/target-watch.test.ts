// Promises of asking the target for its memory, against the reference backend and against one that tells nothing.
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AXES } from "../../../src/app/axes.js";
import type { TargetRecord } from "../../../src/model/log/run-log.js";
import { gaugeIn, watchTarget } from "../../../src/run/coordinator/target-watch.js";
import { loadScenarios } from "../../../src/scenarios/load-file.js";
import type { Target } from "../../../src/scenarios/scenario.js";
import { nowUs } from "../../../src/support/clock.js";
import { startBackend } from "../../reference/backend.js";
import { defined } from "../../support/defined.js";
import { runHere } from "../../support/run-here.js";

function targetAt(keys: Readonly<Record<string, unknown>>): Target {
  const journey = ["connect", { send: {} }];
  const scenarios = { s: { target: "t", load: { users: 1, hold: "1s" }, journey } };
  const text = JSON.stringify({ version: 1, targets: { t: keys }, scenarios });
  const file = loadScenarios({
    path: "s.yaml",
    parts: [{ path: "s.yaml", text }],
    axes: AXES,
    env: {},
    readText: () => "",
  });
  return defined(file.scenarios[0]).target;
}

/** What is told and said until `enough`. */
async function watched(
  target: Target,
  enough: (told: number, notes: number) => boolean,
  meanwhile = async () => {},
) {
  const told: TargetRecord[] = [];
  const notes: string[] = [];
  const watch = watchTarget({
    ...{ scenario: { target, via: undefined }, header: { target: { url: target.url } }, startUs: nowUs() },
    emit: (record) => told.push(record),
    note: (text) => notes.push(text),
  });
  await meanwhile();
  while (!enough(told.length, notes.length)) await setTimeout(20);
  await watch.stop();
  return { told, notes };
}

describe("asking the target for its memory", { timeout: 30_000 }, () => {
  it("puts what it has, and what a leak adds, into the log second by second", async () => {
    const backend = await startBackend();
    try {
      const target = targetAt({ url: backend.url, metrics: "/metrics" });
      const before = await watched(target, (told) => told >= 1);
      await backend.switchOn({ name: "memory-leak", params: { mb: 40 } });
      await runHere(
        { url: backend.url },
        { load: { users: 5, hold: "8s" }, journey: ["connect", { send: {} }, { send: {} }] },
      );
      const after = await watched(target, (told) => told >= 2);
      const [first, last] = [defined(before.told[0]), defined(after.told.at(-1))];
      expect(last.memoryBytes - first.memoryBytes).toBeGreaterThan(100_000_000);
      expect(new Set(after.told.map(({ second }) => second)).size).toBe(after.told.length);
      expect([...before.notes, ...after.notes]).toEqual([]);
      expect((await backend.defect("memory-leak")).injected).toBe(10);
    } finally {
      await backend.close();
    }
  });

  it("says once that a target does not tell, and asks nothing of one that is not said to", async () => {
    const backend = await startBackend();
    try {
      const lost = await watched(
        targetAt({ url: backend.url, metrics: "/nowhere" }),
        (_, notes) => notes >= 1,
        () => setTimeout(2500),
      );
      expect(lost).toEqual({
        told: [],
        notes: ["the target does not tell its memory at /nowhere: answered 404"],
      });
      const other = await watched(
        targetAt({ url: backend.url, metrics: "/health" }),
        (_, notes) => notes >= 1,
      );
      expect(other.notes).toEqual([
        "the target does not tell its memory at /health: no process_resident_memory_bytes in it",
      ]);
      expect(
        await watched(
          targetAt({ url: backend.url }),
          () => true,
          () => setTimeout(1500),
        ),
      ).toEqual({
        told: [],
        notes: [],
      });
    } finally {
      await backend.close();
    }
  });

  it("is on by default only for the embedded backend", () => {
    expect(targetAt({ embedded: true }).metrics).toBe("/metrics");
    expect(targetAt({ url: "http://127.0.0.1:1" }).metrics).toBeUndefined();
  });
});

describe("the gauge in Prometheus text", () => {
  it("is read whatever stands around it, and summed over processes", () => {
    expect(
      gaugeIn("# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 1.5e+08\n"),
    ).toBe(1.5e8);
    expect(
      gaugeIn(
        'up 1\nprocess_resident_memory_bytes{pid="1"} 10\nprocess_resident_memory_bytes{pid="2"} 5 1700\n',
      ),
    ).toBe(15);
  });

  it("is not taken from something else", () => {
    for (const text of [
      "",
      "process_resident_memory_bytes_total 3",
      "# process_resident_memory_bytes 3",
      "process_resident_memory_bytes NaN",
      "process_resident_memory_bytes -3",
      "<html>process_resident_memory_bytes 3</html>",
    ])
      expect(gaugeIn(text)).toBeUndefined();
  });
});
