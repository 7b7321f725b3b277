// The page about telemetry names every metric, attribute and variable, and no others.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ExportMemory, exportedName, metricsRequest } from "../../src/export/metrics.js";
import { SCHEMA_URL } from "../../src/export/otlp.js";
import { METRIC_NAMES, METRICS } from "../../src/model/metric.js";
import { folded, second } from "../support/records.js";
import { codeSpans, ROOT, readDocument } from "./markdown.js";

const PAGE = readDocument("docs/export.md");
const spans = new Set(codeSpans(PAGE));
const source = readdirSync(join(ROOT, "src/export"))
  .map((file) => readFileSync(join(ROOT, "src/export", file), "utf8"))
  .join("\n");

it("names every metric that is sent, and none that is not", () => {
  const sampled = METRIC_NAMES.filter((name) => METRICS[name].unit === "us").map(exportedName);
  const times = { fromUs: 0, atUs: 1 };
  const run = {
    runId: "r",
    version: "0",
    scenario: "s",
    target: { name: "t", profile: "p", url: "http://h" },
  };
  const totals = { fold: folded([], [second(0, [], {})]), outcomes: {}, anomalies: {} };
  const request = JSON.stringify(metricsRequest(run, totals, new ExportMemory(), times));
  const sent = [...request.matchAll(/"name":"(gpload\.[\w.]+)"/g)].map(([, name = ""]) => name);
  const all = [...new Set([...sampled, ...sent])];
  expect(all.filter((name) => !spans.has(name))).toEqual([]);
  const attributes = [...source.matchAll(/"(gpload\.[a-z._]+)"/g)].map(([, name = ""]) => name);
  const told = [...spans].filter((span) => /^gpload\.[a-z._]+$/.test(span));
  expect(told.filter((name) => !all.includes(name) && !attributes.includes(name))).toEqual([]);
});

it("names every attribute of the conventions that is sent, and their version", () => {
  const used = [...source.matchAll(/"((?:gen_ai|server|error)\.[a-z._]+)"/g)].map(([, name = ""]) => name);
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => !spans.has(name))).toEqual([]);
  expect(PAGE).toContain(`conventions ${SCHEMA_URL.split("/").at(-1)}`);
});

it("names every variable of the environment that is read, and no other", () => {
  const told = [...spans].filter((span) => span.startsWith("OTEL_"));
  const names = source
    .replaceAll(/OTEL_\$\{name\}_EXPORTER/g, "OTEL_METRICS_EXPORTER OTEL_TRACES_EXPORTER")
    .replaceAll(
      /OTEL_EXPORTER_OTLP_\$\{name\}_ENDPOINT/g,
      "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    );
  expect(new Set(told)).toEqual(new Set(names.match(/OTEL_[A-Z_]+/g)));
});
