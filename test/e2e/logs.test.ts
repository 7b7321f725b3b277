// The log that --log-level writes: failures, reconnects, faults and decisions of all processes; bounded, and without secrets.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startHttpServer } from "../support/http-server.js";
import { FULL_ONLY } from "../support/tags.js";
import { neutralServer } from "./support/neutral-server.js";
import { load, scenarioFile } from "./support/scenario.js";
import { waitUntil } from "./support/wait.js";
import { workspace } from "./support/workspace.js";

type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

const linesOf = (path: string): readonly Line[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Line);

test("has the reconnects and faults of all workers, and ends with the verdict", async () => {
  const place = workspace(
    scenarioFile(
      { embedded: true },
      {
        load: load(6, "3s"),
        faults: [{ disconnect: { share: "100%" }, at: "1s" }],
        sla: { "users.live": "off" },
      },
    ),
  );
  const { folder, report } = await place.run(["e2e", "--workers", "2", "--log-level", "debug"]);
  const lines = linesOf(join(folder, "log.jsonl"));
  const reconnected = lines.filter(({ msg }) => msg === "reconnected");
  expect(reconnected.map(({ user }) => user).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(new Set(reconnected.map(({ worker }) => worker))).toEqual(new Set([0, 1]));
  expect(lines.map(({ msg }) => msg)).toEqual(
    expect.arrayContaining(["run begins", "fault begins", "fault ends"]),
  );
  expect(lines.at(-1)).toMatchObject({ msg: "verdict", verdict: report.verdict, run: report.runId });
  const without = await place.run(["e2e", "--users", "1"]);
  expect(existsSync(join(without.folder, "log.jsonl"))).toBe(false);
});

test("names the request that failed, as --verbose does, and no secret that a target echoes", async () => {
  const server = await startHttpServer();
  onTestFinished(() => server.close());
  const password = "pa55-of-the-users";
  server.answer = ({ body }, response) => {
    response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ detail: `no entry for ${JSON.stringify(body)}` }));
  };
  const target = { url: server.url, accounts: { pattern: "u{n}@example.com", password } };
  const place = workspace(scenarioFile(target, { load: load(3, "1s") }));
  const result = await place.run(["e2e", "--verbose", "--log-file", "ci/load.log", "--log-level", "debug"]);
  expect(result.code).toBe(3);
  const path = join(place.folder, "ci", "load.log");
  const failed = linesOf(path).filter(({ msg }) => msg === "request failed");
  expect(failed.length).toBeGreaterThan(0);
  for (const line of failed) {
    expect(line).toMatchObject({ level: "warn", step: "login", status: 500 });
    expect(line.request).toMatch(new RegExp(`^POST ${server.url}/auth/`));
    expect(line.message).toContain("***");
  }
  expect(linesOf(path).map(({ msg }) => msg)).toContain("no success on the wire");
  expect(result.stderr).toMatch(
    /^log-in failed: POST http:\S+\/auth\/\S+: HTTP 500: .*\*\*\*.* \(user \d\)$/m,
  );
  for (const text of [readFileSync(path, "utf8"), result.stderr, result.stdout])
    expect(text).not.toContain(password);
});

test("of a hundred users on a target that dies stays small, and says what it leaves out", {
  tags: FULL_ONLY,
}, async () => {
  const server = await neutralServer();
  const place = workspace(
    scenarioFile({ url: server.url, connect: { reconnects: 100 } }, { load: load(100, "6s") }),
  );
  const run = place.start(["e2e", "--log-level", "debug", "--workers", "1"]);
  const path = (): string => join(place.runFolders().at(-1) ?? "", "log.jsonl");
  await waitUntil(
    "the hold begins",
    () => existsSync(path()) && readFileSync(path(), "utf8").includes('"hold"'),
  );
  server.die();
  const { report } = place.resultOf(await run.finished);
  expect(report.verdict).toBe("FAIL");
  const lines = linesOf(path());
  const bySecond = new Map<number, number>();
  for (const { time, worker } of lines)
    if (worker !== undefined) {
      const second = Math.floor(Number(time) / 1000);
      bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    }
  expect(Math.max(...bySecond.values())).toBeLessThan(220);
  const leftOut = lines.filter(({ msg }) => msg === "lines left out");
  expect(leftOut.reduce((sum, { count }) => sum + Number(count), 0)).toBeGreaterThan(50);
});
