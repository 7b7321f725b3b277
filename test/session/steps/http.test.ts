// The steps `http` and `wait-for` against real servers: what they send, expect, keep, measure and report.
import { describe, expect, it, onTestFinished } from "vitest";
import type { Snapshot } from "../../../src/run/process/messages.js";
import { http } from "../../../src/session/steps/http.js";
import type { Walk } from "../../../src/session/steps/step.js";
import { waitFor } from "../../../src/session/steps/wait-for.js";
import { systemClock } from "../../../src/support/clock.js";
import { createHttpClient } from "../../../src/wire/http/http.js";
import { startBackend } from "../../reference/backend.js";
import { RecordingObserver, SESSION, scheduleOf } from "../../support/fake-service.js";
import { startHttpServer } from "../../support/http-server.js";
import { runHere } from "../../support/run-here.js";
import { TARGET } from "../../support/scenario.js";

function counted(snapshots: readonly Snapshot[], metric: string) {
  const batches = snapshots.flatMap(({ batches: phases }) =>
    Object.values(phases).flatMap((metrics) => metrics[metric] ?? []),
  );
  return {
    samples: batches.reduce((sum, { samples }) => sum + samples.length, 0),
    censored: batches.reduce((sum, { censored }) => sum + censored, 0),
  };
}

async function run(...steps: readonly object[]) {
  const backend = await startBackend({});
  onTestFinished(() => backend.close());
  const { snapshots, sla } = await runHere(
    { url: backend.url },
    {
      load: { users: 3, ramp: "0s", hold: "2s", baseline: false },
      journey: ["connect", { send: {} }, ...steps],
      checks: [],
    },
  );
  const errors = snapshots.flatMap(({ errors: counts }) => Object.entries(counts));
  const rule = sla.find(({ metric }) => metric === "http.request");
  return { ...counted(snapshots, "http.request"), errors, rule };
}

describe("the step `http` in a run", () => {
  it("creates something as the user, keeps its id, and finds it again by that", async () => {
    const { samples, censored, errors, rule } = await run(
      { http: { method: "POST", path: "/api/threads", body: { title: "a {user}" }, keep: { made: "id" } } },
      { http: { path: "/api/threads/{kept.made}/messages", status: 200 } },
    );
    expect({ samples, censored, errors }).toEqual({ samples: 6, censored: 0, errors: [] });
    expect(rule).toMatchObject({ verdict: "pass", violations: 0 });
  });

  it("counts what was answered otherwise as endless, says how, and fails the default rule", async () => {
    const { samples, censored, errors, rule } = await run({
      http: { name: "report", path: "/api/no-such" },
    });
    expect({ samples, censored }).toEqual({ samples: 0, censored: 3 });
    expect(errors).toEqual([["http report: answered 404", 3]]);
    expect(rule?.verdict).toBe("fail");
  });
});

/** One user of a server of the test's own. */
async function walker() {
  const server = await startHttpServer();
  const client = createHttpClient({
    tls: TARGET.tls,
    proxy: undefined,
    headers: {},
    timeoutUs: 2_000_000,
    connections: 2,
    bodyBytes: 100_000,
  });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  const observer = new RecordingObserver();
  const schedule = scheduleOf(systemClock);
  const wire = {
    ask: ({ path, ...rest }: { path: string; method: "GET" }) =>
      client.request({ ...rest, url: server.url + path }),
  };
  const user = { number: 3, session: SESSION, threads: [], kept: new Map(), cursorUs: systemClock.nowUs() };
  const walk = {
    user,
    services: { schedule, observer, wire },
    active: () => true,
    sleepUntil: (us: number) => new Promise<void>((resolve) => void systemClock.at(us, resolve)),
  } as unknown as Walk;
  return { server, walk, user, observer, schedule };
}

describe("the step `http`", () => {
  it("carries the user's token unless a header of that name is written, and fills placeholders by path and body", async () => {
    const { server, walk, user } = await walker();
    server.answer = (_, response) => response.end('{"job": {"id": 9007199254740993}}');
    await http.run(walk, {
      method: "POST",
      path: "/jobs/{user}",
      body: { of: "{user}" },
      keep: { job: "job.id" },
    });
    await http.run(walk, { method: "GET", path: "/jobs/{kept.job}", headers: { Authorization: "Basic x" } });
    expect(server.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/jobs/3", { of: 3 }],
      ["GET", "/jobs/9007199254740993", undefined],
    ]);
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${SESSION.token}`,
      "Basic x",
    ]);
    expect(user.kept.get("job")).toBe("9007199254740993");
  });

  it("holds the answer to its values, and keeps nothing of a wrong one", async () => {
    const { server, walk, user, observer } = await walker();
    server.answer = (_, response) => response.end('{"status": "broken", "id": 5}');
    await http.run(walk, { method: "GET", path: "/x", values: { status: "ready" }, keep: { id: "id" } });
    expect(observer.troubles).toEqual(['http GET /x: status is not "ready"']);
    expect(user.kept.size).toBe(0);
  });

  it("is rejected with its place if it cannot be right", () => {
    const options = http.schema(undefined as never);
    for (const wrong of [
      { path: "http://elsewhere/x" },
      { path: "/x", method: "CONNECT" },
      { path: "/x", keep: { "1": "id" } },
      { path: "/x", values: { "a..": 1 } },
      { path: "/{nobody}" },
      { path: "/x", colour: "red" },
    ])
      expect(options.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    expect(options.safeParse({ path: "/x" }).success).toBe(true);
  });
});

describe("the step `wait-for`", () => {
  it("asks until the answer is as expected, and measures how long that took", async () => {
    const { server, walk, schedule } = await walker();
    server.answer = (_, response) =>
      response.end(JSON.stringify({ status: server.asked.length < 4 ? "running" : "done" }));
    await waitFor.run(walk, { method: "GET", path: "/job", values: { status: "done" }, every: 20_000 });
    expect(server.asked.length).toBe(4);
    const [waited = 0, ...more] = schedule.recorder.take().hold?.["wait.time"]?.samples ?? [];
    expect(more).toEqual([]);
    expect(waited).toBeGreaterThanOrEqual(60_000);
  });

  it("gives up at its timeout: endless, with the last reason", async () => {
    const { server, walk, observer, schedule } = await walker();
    server.answer = (_, response) => response.writeHead(503).end();
    await waitFor.run(walk, { method: "GET", path: "/job", every: 20_000, timeout: 90_000 });
    expect(server.asked.length).toBeGreaterThanOrEqual(2);
    expect(schedule.recorder.take().hold?.["wait.time"]?.censored).toBe(1);
    expect(observer.troubles).toEqual(["wait-for GET /job: answered 503"]);
  });
});
