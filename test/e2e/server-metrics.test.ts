// The target's own figures beside latency: rules that hold, break and cannot be known, in the terminal and in the report.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reference } from "./support/reference.js";
import { load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

test("are judged, shown and drawn; what the target does not tell is no-data with its cause", async () => {
  const { url } = await reference();
  const metrics = [
    { url: "/metrics", gauges: { rss: "process_resident_memory_bytes", pool: "no_such_series" } },
    { url: "http://127.0.0.1:9/metrics", gauges: { away: "x" } },
  ];
  const sla = {
    "server.rss": ["max < 2GB", "max < 1MB"],
    "server.pool": "max < 5",
    "server.away": "max < 1",
  };
  const place = workspace(scenarioFile({ url, metrics }, { load: load(3, "4s"), sla }));
  const { report, folder, stdout, code } = await place.run(["e2e"]);
  const rules = report.sla.filter(({ metric }) => metric.startsWith("server."));
  expect(rules.map(({ metric, rule, verdict }) => [metric, rule, verdict])).toEqual([
    ["server.rss", "max < 2GB", "pass"],
    ["server.rss", "max < 1MB", "fail"],
    ["server.pool", "max < 5", "no-data"],
    ["server.away", "max < 1", "no-data"],
  ]);
  expect(code).toBe(1);
  expect(rules[2]?.note).toContain("no no_such_series in it");
  expect(rules[3]?.note).toContain("ECONNREFUSED");
  expect(report.server?.rss).toMatchObject({ unit: "bytes", missing: 0 });
  expect(report.server?.rss?.min).toBeGreaterThan(10_000_000);
  expect(report.server?.away).toMatchObject({ seconds: 0, mean: null });
  expect(stdout).toMatch(/server: rss mean [\d.]+ MiB, max [\d.]+ MiB/);
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).toContain('id="plot-server-rss"');
  expect(page).not.toContain('id="plot-server-away"');
});

test("that no page is asked for are refused in a rule, by their name", async () => {
  const place = workspace(
    scenarioFile({ embedded: true }, { load: load(1, "1s"), sla: { "server.rss": "max < 1" } }),
  );
  const { code, stderr } = await place.start(["e2e"]).finished;
  expect(code).toBe(2);
  expect(stderr).toContain("tells no server.rss: it names none under `metrics`");
});
