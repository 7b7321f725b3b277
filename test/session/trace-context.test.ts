// The trace ids that a service sees are those that the report tells, on every way that they go.
import { afterEach, expect, test } from "vitest";
import { traceIds, traceparentOf } from "../../src/model/turn/trace.js";
import { tracedFindings } from "../../src/run/coordinator/traced-findings.js";
import { type Backend, startBackend } from "../reference/backend.js";
import { runHere } from "../support/run-here.js";

interface Told {
  readonly via: string;
  readonly of: string;
  readonly traceparent: string;
}

let backend: Backend | undefined;
afterEach(() => backend?.close());

async function journey(target: object, traceKey: string | undefined) {
  backend = await startBackend();
  const result = await runHere(
    { url: backend.url, ...target },
    {
      load: { users: 4, ramp: "0s", hold: "2s", baseline: false },
      journey: ["connect", { send: {} }, { send: {} }],
      checks: ["history"],
    },
    { workers: 2, ...(traceKey === undefined ? {} : { traceKey }) },
  );
  const { body } = await backend.control("GET", "/traces");
  const told = (body as unknown as { readonly traces: readonly Told[] }).traces;
  const via = (way: string): string[] =>
    told.filter((one) => one.via === way).map(({ traceparent }) => traceparent);
  const kept = result.snapshots.flatMap((snapshot) => snapshot.kept);
  return { result, told, via, kept };
}

test("messages, the lookups of their turns and upgrades send their traces, and kept turns have theirs", async () => {
  const { result, told, via, kept } = await journey({ options: { traceparent: "payload" } }, "a run");
  const ids = traceIds("a run");
  const turns = [0, 1, 2, 3].flatMap((user) => [0, 1].map((turn) => ids.turn(user, turn)));
  expect(result.ledger.completed).toBe(8);
  expect(via("message").sort()).toEqual(turns.map(traceparentOf).sort());
  // One read looks both turns of a user up, and is the newer one's.
  const newest = [0, 1, 2, 3].map((user) => traceparentOf(ids.turn(user, 1)));
  expect(new Set(via("request"))).toEqual(new Set(newest));
  expect(told.filter((one) => one.via === "request").every(({ of }) => of.endsWith("/messages"))).toBe(true);
  // Workers open some for their trial; no two share an id.
  expect(via("upgrade").length).toBeGreaterThanOrEqual(4);
  expect(new Set(via("upgrade")).size).toBe(via("upgrade").length);
  expect(kept.length).toBeGreaterThan(0);
  for (const { user, turn, traceId, spanId } of kept)
    expect({ traceId, spanId }).toEqual(ids.turn(user, turn));
});

test("a target without tracing gets no traces, and the report has none", async () => {
  const { result, told, kept } = await journey({ options: { traceparent: "payload" } }, undefined);
  expect(result.ledger.completed).toBe(8);
  expect(told).toEqual([]);
  expect(kept.length).toBeGreaterThan(0);
  expect(JSON.stringify(kept)).not.toContain("traceId");
});

test("evidence that names a turn names its trace; other evidence has none", () => {
  const finding = { check: "c", code: "x", severity: "fail", count: 2, message: "m" } as const;
  const [found] = tracedFindings([{ ...finding, evidence: [{ user: 1, turn: 2 }, { user: 1 }] }], "a run");
  expect(found?.evidence).toEqual([
    { user: 1, turn: 2, traceId: traceIds("a run").turn(1, 2).traceId },
    { user: 1 },
  ]);
});
