// The schema of a target's `metrics`: its pages of Prometheus text, and what to read from them.
import { z } from "zod";
import type { MetricsSource, SeriesChoice, ServerSeries } from "../scenario.js";
import { sound } from "./fields.js";

const PATH = /^\/[^\s#]*$/;
const WHOLE_URL = /^https?:\/\/[^\s#]+$/;

const seriesName = sound(
  (value) => (/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(value) ? undefined : "is not a name of a Prometheus series"),
  "Name of a series, as the page has it",
  "process_resident_memory_bytes",
);

const series = z
  .union([
    seriesName,
    z.strictObject({
      name: seriesName,
      labels: z.record(z.string(), z.string()).describe("Labels that the series must have").optional(),
      combine: z.enum(["sum", "max"]).describe("What several such series come to; default sum").optional(),
    }),
  ])
  .transform((given): SeriesChoice => {
    if (typeof given === "string") return { name: given, labels: {}, combine: "sum" };
    return { name: given.name, labels: given.labels ?? {}, combine: given.combine ?? "sum" };
  });

const named = (what: string) =>
  z
    .record(
      z.string().regex(/^[a-z][a-z0-9_.-]*$/, {
        error: "is not a name: small letters, digits, dots and dashes, such as loop-lag",
      }),
      series,
    )
    .describe(what)
    .optional();

/** A page that is only read for the target's memory. */
export function memoryPage(path: string): MetricsSource {
  return { url: path, own: true, headers: {}, memory: true, named: [] };
}

const path = sound(
  (value) => (PATH.test(value) ? undefined : "expected a path such as /metrics"),
  "Path below url that tells the target's memory as Prometheus text (process_resident_memory_bytes); default /metrics when embedded, else none",
  "/metrics",
);

/** @param headers the schema of extra headers */
export function metricsSchema(headers: z.ZodType<Record<string, string>>) {
  const page = z
    .strictObject({
      url: sound(
        (value) =>
          PATH.test(value) || WHOLE_URL.test(value) ? undefined : "expected a path below url, or a whole URL",
        "Page of Prometheus text, read once a second: a path below the target's url, or a whole URL",
        "http://127.0.0.1:9100/metrics",
      ),
      headers: headers.optional(),
      gauges: named("Gauges that become metrics: server.<name> → series"),
      counters: named("Counters whose growth a second becomes a metric: server.<name> → series"),
    })
    .transform(({ url, headers: given = {}, gauges = {}, counters = {} }): MetricsSource => {
      const own = url.startsWith("/");
      return {
        ...{ url, own, headers: given, memory: own },
        named: [...each("gauge", gauges), ...each("counter", counters)],
      };
    });
  return z
    .union([path.transform((one) => [memoryPage(one)]), z.array(page).min(1).max(10)])
    .describe("Where the target tells of itself as Prometheus text");
}

function each(kind: ServerSeries["kind"], given: Readonly<Record<string, SeriesChoice>>): ServerSeries[] {
  return Object.entries(given).map(([name, choice]) => ({ name, kind, series: choice }));
}
