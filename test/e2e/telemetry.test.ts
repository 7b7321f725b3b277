// A run's telemetry: what a receiver hears of it agrees with its report, and a receiver that is away changes nothing.
import { expect, onTestFinished, test } from "vitest";
import { type Asked, startHttpServer } from "../support/http-server.js";
import { FULL_ONLY } from "../support/tags.js";
import { countedJourney, load, scenarioFile } from "./support/scenario.js";
import { workspace } from "./support/workspace.js";

const USERS = 4;
const TURNS = 3;
const FILE = scenarioFile(
  { embedded: true },
  { load: load(USERS, "3s", "0s"), journey: countedJourney(TURNS), checks: [] },
);
const JSON_PLEASE = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };

interface Point {
  readonly asInt: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
}

/** The points of a metric as it was told last. */
function told(requests: readonly Asked[], name: string): readonly Point[] {
  const text = JSON.stringify(requests.at(-1)?.body ?? {});
  const request = JSON.parse(text) as {
    readonly resourceMetrics: readonly {
      readonly scopeMetrics: readonly {
        readonly metrics: readonly {
          readonly name: string;
          readonly sum?: { readonly dataPoints: Point[] };
        }[];
      }[];
    }[];
  };
  const metrics = request.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  return metrics.find((metric) => metric.name === name)?.sum?.dataPoints ?? [];
}

test("a receiver hears of every turn, and of the slow ones by the traces that the report names", async () => {
  const receiver = await startHttpServer();
  onTestFinished(() => receiver.close());
  const place = workspace(FILE);
  const { report, stderr } = await place.run(["e2e", "--otlp", receiver.url], JSON_PLEASE);
  expect(report.ledger.attempted).toBe(USERS * TURNS);
  const metrics = receiver.asked.filter(({ path }) => path === "/v1/metrics");
  expect(told(metrics, "gpload.turns.started").map(({ asInt }) => asInt)).toEqual([String(USERS * TURNS)]);
  const settled = told(metrics, "gpload.turns.settled");
  const completed = settled.find(({ attributes }) => attributes[0]?.value.stringValue === "completed");
  expect(completed?.asInt).toBe(String(report.ledger.completed));
  const traces = JSON.stringify(receiver.asked.filter(({ path }) => path === "/v1/traces"));
  const text = JSON.stringify(metrics.at(-1)?.body);
  for (const name of ["gen_ai.invoke_agent.duration", "gen_ai.execute_tool.duration"])
    expect(text).toContain(`"name":"${name}","unit":"s"`);
  expect(text).toContain("https://opentelemetry.io/schemas/gen-ai/0.1.0");
  expect(traces).toContain('"name":"execute_tool ');
  expect(traces).toContain('"key":"gen_ai.tool.call.id"');
  expect(report.turns.length).toBeGreaterThan(5);
  for (const { traceId } of report.turns) expect(traces).toContain(`"traceId":"${traceId}"`);
  expect(stderr).not.toContain("telemetry");
});

test("a receiver that is away costs a warning and a line in the report, and no verdict", {
  tags: FULL_ONLY,
}, async () => {
  const place = workspace(FILE);
  const { report, stderr } = await place.run(["e2e", "--otlp", "http://127.0.0.1:1"]);
  expect(report.ledger).toMatchObject({ attempted: USERS * TURNS, completed: USERS * TURNS });
  expect(
    report.invalidReasons.map(({ code }) => code).filter((code) => !code.startsWith("generator")),
  ).toEqual([]);
  expect(stderr.match(/telemetry could not be sent/g)).toHaveLength(1);
  expect(report.notes.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^telemetry could not be sent \(.*ECONNREFUSED\)/),
      expect.stringMatching(/^telemetry: \d of \d requests failed during the run/),
    ]),
  );
});
