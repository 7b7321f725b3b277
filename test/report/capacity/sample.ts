// A made-up capacity search: up to 320 users, bound at 200.
import type { CapacityProbe } from "../../../src/model/report/capacity.js";
import { type CapacityFacts, capacityReport } from "../../../src/report/capacity/build.js";

function probe(load: number, fields: Partial<CapacityProbe> = {}): CapacityProbe {
  return {
    load,
    purpose: "climb",
    outcome: load <= 200 ? "held" : "broke",
    boundBy: load <= 200 ? [] : ["message.processing p99 < 5s"],
    holdMs: 12_000,
    tookMs: 17_000,
    throughput: Math.min(load * 0.4, 84),
    goodput: load <= 200 ? load * 0.4 : 40,
    processingP99: load <= 200 ? 20 + load : 6000,
    responseP50: 350,
    responseP95: 600 + load,
    responseP99: load <= 200 ? 900 + load : null,
    historyP99: 8,
    summary: load <= 200 ? "all thresholds hold" : "failed: message.processing <b>p99</b>",
    folder: `run-${load}`,
    ...fields,
  };
}

export const PROBES: readonly CapacityProbe[] = [
  probe(80),
  probe(160),
  probe(320),
  probe(226, { purpose: "bisect" }),
  probe(200, { purpose: "bisect" }),
  probe(200, { purpose: "confirm", holdMs: 30_000 }),
  probe(200, { purpose: "confirm", holdMs: 30_000 }),
];

function facts(fields: Partial<CapacityFacts> = {}): CapacityFacts {
  return {
    scenario: "enterprise-100",
    target: "reference",
    unit: "users",
    startedAt: "2026-03-04T05:06:07.890Z",
    durationMs: 210_000,
    end: "found",
    holds: 200,
    breaks: 210,
    confirmed: 2,
    boundBy: ["message.processing p99 < 5s"],
    required: null,
    probes: PROBES,
    ...fields,
  };
}

export const report = (fields: Partial<CapacityFacts> = {}) => capacityReport(facts(fields), "0.1.0");
