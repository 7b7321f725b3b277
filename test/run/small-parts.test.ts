// The small parts of a run: phases in time, whose ids, shares, names, the log file, and why nobody could be readied.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openResultLog } from "../../src/run/coordinator/result-log.js";
import { prepareCauses } from "../../src/run/coordinator/start-failures.js";
import { shareOf } from "../../src/run/coordinator/worker-pool.js";
import type { PrepareFailure } from "../../src/run/process/messages.js";
import { PhaseClock } from "../../src/run/worker/phase-clock.js";
import { UserRegistry } from "../../src/run/worker/users/registry.js";
import { describeUnready } from "../../src/session/channel/describe-close.js";
import { FakeClock, settle } from "../support/fake-clock.js";
import { TARGET } from "../support/scenario.js";

describe("shares of a bound", () => {
  it("sum exactly to the whole, and differ by one at most", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 64 }), (whole, workers) => {
        const shares = Array.from(
          { length: workers },
          (_, worker) => shareOf(whole, worker, workers) ?? Number.NaN,
        );
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("of no limit are no limit", () => {
    expect(shareOf(undefined, 0, 4)).toBeUndefined();
  });
});

describe("the phases as a worker knows them", () => {
  const load = (baseline: boolean) =>
    ({ kind: "users", stages: [{ users: 2, rampUs: 10, holdUs: 20 }], baseline }) as const;

  it("are the prepare phase before the start, and then those of the load", () => {
    const phases = new PhaseClock(new FakeClock(), load(false));
    expect(phases.phaseAt(5)).toBe("prepare");
    phases.start(1000, 1000);
    expect([1000, 1009, 1010, 1029, 1030, 9999].map((us) => phases.phaseAt(us))).toEqual([
      "ramp",
      "ramp",
      "hold",
      "hold",
      "drain",
      "drain",
    ]);
  });

  it("wait for the ramp while the baseline runs, and record by phase", async () => {
    const phases = new PhaseClock(new FakeClock(), load(true));
    phases.start(1000, undefined);
    let known = false;
    void phases.rampKnown().then(() => {
      known = true;
    });
    await settle();
    expect([phases.phaseAt(5000), known]).toEqual(["baseline", false]);
    const baseline = phases.samplesAt(5000);
    phases.setRamp(6000);
    await settle();
    expect([known, phases.rampUs]).toEqual([true, 6000]);
    const hold = phases.samplesAt(6015);
    expect([phases.keyOf(baseline), phases.keyOf(hold)]).toEqual(["baseline", "hold"]);
    expect(phases.samplesAt(6020)).toBe(hold);
    hold.of("login").push(1);
    expect(Object.keys(phases.recorder.take())).toEqual(["hold"]);
  });

  it("release everything when the ramp will never come", async () => {
    const phases = new PhaseClock(new FakeClock(), load(true));
    phases.start(1000, undefined);
    const waiting = phases.rampKnown();
    phases.release();
    await waiting;
    expect(phases.rampUs).toBeUndefined();
  });
});

describe("the registry", () => {
  it("knows the owner of a user id and of a thread", () => {
    const registry = new UserRegistry();
    registry.setUsers([["id", 4]]);
    registry.addThread("t", 9);
    expect([
      registry.userOf("id"),
      registry.userOf("x"),
      registry.threadOwner("t"),
      registry.threadOwner("x"),
    ]).toEqual([4, undefined, 9, undefined]);
  });

  it("names a thread of the next user in which a turn completed, in rotation, and never the user's own", () => {
    const registry = new UserRegistry();
    expect(registry.foreignThread(1, "colleague")).toBeUndefined();
    for (const user of [7, 1, 4]) registry.talkedIn(`t${user}`, user);
    registry.talkedIn("second of 4", 4);
    const owners = [0, 1, 4, 5, 7, 9].map((user) => registry.foreignThread(user, "colleague")?.threadId);
    expect(owners).toEqual(["t1", "t4", "t7", "t7", "t1", "t1"]);
    expect(registry.foreignThread(1, "stranger")).toBeUndefined();
  });

  it("distinguishes colleagues from strangers if organisations are known", () => {
    const registry = new UserRegistry((user) => `org ${user % 3}`);
    for (let user = 0; user < 6; user++) registry.talkedIn(`t${user}`, user);
    expect(registry.foreignThread(1, "colleague")).toEqual({ threadId: "t4", owner: 4 });
    expect(registry.foreignThread(1, "stranger")).toEqual({ threadId: "t2", owner: 2 });
    expect(registry.foreignThread(4, "colleague")).toEqual({ threadId: "t1", owner: 1 });
  });

  it("reports its news once, and learns that of others without repeating it", () => {
    const [one, other] = [new UserRegistry(), new UserRegistry()];
    one.addThread("a", 0);
    one.talkedIn("a", 0);
    one.talkedIn("a", 0);
    one.addDecoy("d", 0);
    other.learn(one.takeNews());
    expect(one.takeNews()).toEqual([]);
    expect(other.takeNews()).toEqual([]);
    expect(other.threadOwner("a")).toBe(0);
    expect(other.foreignThread(1, "colleague")).toEqual({ threadId: "a", owner: 0 });
    expect(other.foreignDecoy(1, "colleague")).toEqual({ threadId: "d", owner: 0 });
    other.dropDecoy("d");
    expect(other.foreignDecoy(1, "colleague")).toBeUndefined();
  });
});

describe("the run log", () => {
  it("is appended line by line, is there at once, and takes nothing after it was closed", () => {
    const folder = mkdtempSync(join(tmpdir(), "gp-load-log-"));
    try {
      const path = join(folder, "run.jsonl");
      const log = openResultLog(path);
      log.append({ type: "note", atMs: 1, text: "first\nline" });
      expect(readFileSync(path, "utf8")).toBe('{"type":"note","atMs":1,"text":"first\\nline"}\n');
      log.append({ type: "note", atMs: 2, text: "second" });
      log.close();
      log.close();
      log.append({ type: "note", atMs: 3, text: "too late" });
      expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("in a missing folder says so at once", () => {
    expect(() => openResultLog(join(tmpdir(), "no", "such", "folder"))).toThrow("ENOENT");
  });
});

describe("why no user could be prepared", () => {
  const failure = (fields: Partial<PrepareFailure>): PrepareFailure => ({
    at: "login",
    kind: "broken",
    status: 0,
    code: undefined,
    message: "it broke",
    count: 1,
    ...fields,
  });
  const causes = (...failures: PrepareFailure[]) => prepareCauses(failures, TARGET, "http://shown");

  it.each([
    [{ code: "ECONNREFUSED" }, "ECONNREFUSED", "connection refused by http://shown"],
    [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "DEPTH_ZERO_SELF_SIGNED_CERT", "a self-signed certificate at"],
    [
      { kind: "auth", status: 401, message: "HTTP 401" },
      "login-refused",
      "log-in refused: http://shown answered HTTP 401",
    ],
    [
      { kind: "refused", status: 404, message: "HTTP 404" },
      "login-not-found",
      "no log-in there: http://shown answered HTTP 404",
    ],
    [
      { kind: "broken", status: 308, message: "HTTP 308, a redirect to /v2/in" },
      "login-failed",
      "log-in failed: http://shown answered HTTP 308, a redirect to /v2/in",
    ],
    [{ code: "EWHATEVER", message: "odd" }, "login-failed", "log-in failed: http://shown: odd"],
    [
      { request: "POST http://shown/in", status: 200, message: "no token" },
      "login-failed",
      "log-in failed: POST http://shown/in answered HTTP 200: no token",
    ],
    [
      { request: "POST http://shown/in", code: "ECONNREFUSED" },
      "ECONNREFUSED",
      "connection refused by http://shown: POST http://shown/in",
    ],
    [
      { at: "connect", code: "SOCKET_IO_2" },
      "SOCKET_IO_2",
      "Socket.IO 2 (EIO=3), and not 3 or 4, at http://shown",
    ],
    [{ at: "connect", kind: "auth", status: 401 }, "upgrade-refused", "refused its users"],
    [
      { at: "connect", kind: "timeout", message: describeUnready(false, 10_000_000) },
      "upgrade-timeout",
      "no socket could be opened: http://shown: the upgrade was not answered within 10s: check the path of the socket",
    ],
    [
      { code: "UND_ERR_HEADERS_TIMEOUT", waitedUs: 10_000_000 },
      "UND_ERR_HEADERS_TIMEOUT",
      "no answer within 10.0s from http://shown",
    ],
    [
      { code: "UND_ERR_HEADERS_TIMEOUT", message: "try again within 90s" },
      "UND_ERR_HEADERS_TIMEOUT",
      "no answer within the time limit from http://shown",
    ],
    [
      { code: "UND_ERR_CONNECT_TIMEOUT", waitedUs: 3_000_000 },
      "UND_ERR_CONNECT_TIMEOUT",
      "no connection within 3.00s to http://shown",
    ],
    [{ at: "connect", status: 502, message: "HTTP 502" }, "upgrade-failed", "http://shown answered HTTP 502"],
    [{ at: "connect", kind: "normal" }, "closed-at-once", "closes at once"],
  ] as const)("by %j is %s, in words and with what to do next", (fields, code, message) => {
    const [cause] = causes(failure(fields));
    expect(cause?.code).toBe(code);
    expect(cause?.message).toContain(message);
    expect(cause?.advice?.length).toBeGreaterThan(10);
  });

  it("names the most frequent first, three at most, and how often", () => {
    const named = causes(...[1, 9, 4, 2].map((count) => failure({ count, message: `m${count}` })));
    expect(named.map(({ message }) => message)).toEqual([
      "log-in failed: http://shown: m9 (9 times)",
      "log-in failed: http://shown: m4 (4 times)",
      "log-in failed: http://shown: m2 (2 times)",
    ]);
  });

  it("names the host of login if that is another", () => {
    const [cause] = prepareCauses(
      [failure({ code: "ECONNREFUSED" })],
      { ...TARGET, authUrl: "http://auth" },
      "http://shown",
    );
    expect(cause?.message).toBe("connection refused by http://auth");
  });
});
