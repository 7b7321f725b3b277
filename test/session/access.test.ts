// Access probes against the reference backend: each lock that does not hold is found, exactly as often.
import { describe, expect, it } from "vitest";
import type { DefectOrder } from "../../src/reference/defects/book.js";
import { startBackend } from "../reference/backend.js";
import { type RunHere, runHere } from "../support/run-here.js";

/** Counted, so that a slow machine takes longer and tries no less. */
const probing = (probe: object, think = "100ms"): readonly unknown[] => [
  "connect",
  { loop: { times: 4, steps: [{ send: { record: true } }, { think }, { probe }] } },
];
const SOON = [{ send: {} }, { think: "300ms" }];
const EXPIRED = ["connect", ...SOON, { "expired-token": {} }];
const DELETED = ["connect", ...SOON, "delete-thread"];
const PROBING = probing({ attempts: 12 });
const AS_STRANGER = probing({ as: "other-organisation" });

interface Wish {
  readonly journey: readonly unknown[];
  readonly users?: number;
  readonly workers?: number;
  readonly organisations?: number;
  readonly defects?: readonly DefectOrder[];
  readonly tokenTtlSeconds?: number;
  readonly options?: object;
}

interface Result extends RunHere {
  /** How often each defect of the wish was really done. */
  readonly injected: readonly number[];
}

async function run(wish: Wish): Promise<Result> {
  const { journey, users = 6, workers = 1, organisations = 3, options = {} } = wish;
  const { defects = [], tokenTtlSeconds = 3600 } = wish;
  const backend = await startBackend({ defects, tokenTtlSeconds });
  try {
    const result = await runHere(
      { url: backend.url, options },
      {
        organisations,
        load: { users, ramp: "0s", hold: "90s", baseline: false },
        journey,
        checks: ["access", "isolation", "history"],
        settle: "1s",
      },
      { workers },
    );
    const accounts = await Promise.all(defects.map(({ name }) => backend.defect(name)));
    return { ...result, injected: accounts.map(({ injected }) => injected) };
  } finally {
    await backend.close();
  }
}

function kindsOf({ probes }: RunHere, result: string): readonly string[] {
  return [...new Set(probes.filter((probe) => probe.result === result).map(({ kind }) => kind))].sort();
}

describe.concurrent("access probes of a sound service", { timeout: 60_000 }, () => {
  it("are all refused, of every kind, across organisations and workers", async () => {
    const result = await run({ journey: probing({ attempts: 12 }, "700ms"), workers: 2 });
    expect(result.checks.map(({ status }) => status)).toEqual(["clean", "clean", "clean"]);
    const kinds = kindsOf(result, "refused");
    for (const door of ["history", "search", "delete", "socket"])
      for (const seeker of ["other-user", "other-organisation"])
        expect(kinds).toContain(`${door}-as-${seeker}`);
    for (const door of ["history", "search", "threads", "create", "delete", "socket"])
      for (const seeker of ["nobody", "garbage", "forged", "unsigned"])
        expect(kinds).toContain(`${door}-as-${seeker}`);
    const foreign = result.probes.filter(({ kind }) => kind === "history-as-other-organisation");
    expect(foreign.length).toBeGreaterThan(2);
    for (const { user, owner = user } of foreign) expect(owner % 3).not.toBe(user % 3);
    // Users 0, 2, 4 are on one worker, 1, 3, 5 on the other.
    expect(foreign.some(({ user, owner = user }) => owner % 2 !== user % 2)).toBe(true);
    for (const { user, owner = user } of result.probes.filter(
      ({ kind }) => kind === "history-as-other-user",
    )) {
      expect(owner).not.toBe(user);
      expect(owner % 3).toBe(user % 3);
    }
  });

  it("close a socket at its token's end, refuse the token afterwards, and forget a deleted thread", async () => {
    const result = await run({ journey: [...EXPIRED, "delete-thread"], users: 3 });
    expect(kindsOf(result, "breach")).toEqual([]);
    expect(kindsOf(result, "unclear")).toEqual([]);
    const held = result.probes.filter(({ kind }) => kind === "socket-past-expiry");
    expect(held.map(({ answer }) => answer)).toEqual(["close 1008", "close 1008", "close 1008"]);
    const expired = result.probes.filter(({ kind }) => kind.endsWith("-as-expired"));
    expect(expired.map(({ answer }) => answer)).toEqual(Array(18).fill("401"));
    const deleted = result.probes.filter(({ kind }) => kind.endsWith("-of-deleted-thread"));
    expect(new Set(deleted.map(({ kind, answer }) => `${kind}: ${answer}`))).toEqual(
      new Set([
        "history-of-deleted-thread: 404",
        "threads-of-deleted-thread: not in it",
        "search-of-deleted-thread: 200 without a hit",
        "socket-of-deleted-thread: error",
      ]),
    );
    expect(deleted).toHaveLength(12);
    expect(result.checks.map(({ status }) => status)).toEqual(["clean", "clean", "clean"]);
    expect(result.ledger.completed).toBe(result.ledger.attempted);
    expect(result.anomalies.orphan).toBe(0);
  });
});

describe.concurrent("a lock that does not hold", { timeout: 60_000 }, () => {
  const COUNT = 2;
  const cases: readonly (readonly [
    string,
    Wish,
    Omit<DefectOrder, "count">,
    Readonly<Record<string, number>>,
  ])[] = [
    ["search", { journey: PROBING }, endpoint("search"), { "access/breach-search-as-nobody": COUNT }],
    ["messages", { journey: PROBING }, endpoint("messages"), { "access/breach-history-as-nobody": COUNT }],
    ["threads", { journey: PROBING }, endpoint("threads"), { "access/breach-threads-as-nobody": COUNT }],
    ["create", { journey: PROBING }, endpoint("create"), { "access/breach-create-as-nobody": COUNT }],
    ["remove", { journey: PROBING }, endpoint("remove"), { "access/breach-delete-as-nobody": COUNT }],
    ["socket", { journey: PROBING }, endpoint("socket"), { "access/breach-socket-as-nobody": COUNT }],
    [
      "another's thread in the search",
      { journey: AS_STRANGER },
      endpoint("history"),
      { "access/breach-search-as-other-organisation": COUNT },
    ],
    [
      "the deletion of another's thread",
      { journey: AS_STRANGER },
      endpoint("delete"),
      { "access/breach-delete-as-other-organisation": COUNT },
    ],
    [
      "another organisation's history",
      { journey: AS_STRANGER },
      { name: "history-without-owner-check" },
      { "access/breach-history-as-other-organisation": COUNT },
    ],
    [
      "a socket that outlives its token",
      { journey: EXPIRED },
      { name: "socket-outlives-token" },
      { "access/breach-socket-past-expiry": COUNT },
    ],
    [
      "a deleted thread that is still there",
      { journey: DELETED },
      { name: "deleted-thread-remains" },
      {
        "access/breach-history-of-deleted-thread": COUNT,
        "access/breach-threads-of-deleted-thread": COUNT,
        "access/breach-search-of-deleted-thread": COUNT,
        "access/breach-socket-of-deleted-thread": COUNT,
      },
    ],
    [
      "a deleted thread whose messages can be found",
      { journey: DELETED },
      { name: "deleted-thread-remains", params: { where: "messages" } },
      { "access/breach-search-of-deleted-thread": COUNT },
    ],
  ];

  it.each(cases)("is found as often as it failed: %s", async (_what, wish, defect, expected) => {
    const result = await run({ ...wish, defects: [{ ...defect, count: COUNT }] });
    expect(result.injected).toEqual([COUNT]);
    expect(result.failures).toEqual(expected);
    const breaches = result.findings.filter(({ severity }) => severity === "fail");
    for (const { evidence } of breaches) {
      expect(evidence).toHaveLength(COUNT);
      for (const { user, expected: wanted, seen } of evidence) {
        expect(user).toBeGreaterThanOrEqual(0);
        expect([wanted, seen].every(Boolean)).toBe(true);
      }
    }
  });
});

describe.concurrent("what a target cannot be tried on", { timeout: 60_000 }, () => {
  it("is not checked, by name: tokens that live too long, and a profile without a search", async () => {
    const endless = await run({
      journey: ["connect", { "expired-token": { life: "60s", wait: "1s" } }, ...PROBING.slice(1)],
      users: 2,
      options: { search: false },
    });
    const why = endless.probes
      .filter(({ result }) => result === "not-checked")
      .map(({ kind, answer }) => `${kind}: ${answer}`);
    expect(why).toContain(
      "socket-past-expiry: the target's tokens live for 60 s, and this step waits no longer than 1 s",
    );
    expect(why).toContain("search-as-nobody: the profile knows no search");
    expect(new Set(why).size).toBe(why.length);
    expect(endless.checks[0]).toMatchObject({ status: "clean" });
  });
});

function endpoint(name: string): Omit<DefectOrder, "count"> {
  return { name: "endpoint-without-check", params: { endpoint: name } };
}
