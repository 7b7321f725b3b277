// The metrics of the GenAI conventions: exact counts and sums of our own, under their names, units and bounds.
import { describe, expect, it } from "vitest";
import { conventionalMetrics } from "../../src/export/conventional.js";
import { folded, metricState, second } from "../support/records.js";

const RUN = {
  ...{ runId: "r", version: "0", scenario: "s" },
  target: { name: "shop", profile: "openai-chat", url: "http://127.0.0.1:8080" },
};
const TIMES = { startTimeUnixNano: "1", timeUnixNano: "2" };

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string>> }[];
  readonly count: string;
  readonly sum: number;
  readonly explicitBounds: readonly number[];
  readonly bucketCounts: readonly string[];
}
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly histogram: { readonly dataPoints: readonly Point[] };
}

const attributes = (point: Point | undefined) =>
  Object.fromEntries((point?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

function sent(fold: ReturnType<typeof folded>): ReadonlyMap<string, Metric> {
  const metrics = conventionalMetrics(RUN, fold, TIMES) as readonly Metric[];
  return new Map(metrics.map((metric) => [metric.name, metric]));
}

const HELD = second(0, [], {
  hold: {
    "agent.response": { samples: [1_000_000, 3_000_000], censored: 4 },
    "ttfe/service": { samples: [20_000] },
    "chunk.gap": { samples: [9_000, 11_000] },
    "tokens.input": { samples: [100, 300] },
    "tokens.output": { samples: [7] },
    "tool.calls": { samples: [0, 2] },
    "model.calls": { samples: [3] },
    connect: { samples: [5] },
  },
});
const TOOL = {
  type: "breakdown",
  label: "tool",
  value: "sql",
  metrics: { "tool.duration": metricState([], "tool.duration", { samples: [40_000, 60_000], censored: 1 }) },
} as const;

describe("the metrics of the GenAI conventions", () => {
  it("have the conventions' names and units, and the measured values", () => {
    const metrics = sent(folded([], [HELD]));
    const shape = [...metrics.values()].map(({ name, unit, histogram }) => [
      ...[name, unit],
      histogram.dataPoints.map(({ count, sum }) => [count, sum]),
    ]);
    expect(shape).toEqual([
      ["gen_ai.invoke_agent.duration", "s", [["2", 4]]],
      ["gen_ai.client.operation.time_to_first_chunk", "s", [["1", 0.02]]],
      ["gen_ai.client.operation.time_per_output_chunk", "s", [["2", 0.02]]],
      [
        ...["gen_ai.client.token.usage", "{token}"],
        [
          ["2", 400],
          ["1", 7],
        ],
      ],
      ["gen_ai.invoke_agent.tool_calls", "{tool_call}", [["2", 2]]],
      ["gen_ai.invoke_agent.inference_calls", "{inference_call}", [["1", 3]]],
    ]);
    const [whole] = metrics.get("gen_ai.invoke_agent.duration")?.histogram.dataPoints ?? [];
    expect(attributes(whole)).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "openai-chat",
      "gen_ai.agent.name": "shop",
      "server.address": "127.0.0.1",
      "server.port": "8080",
      "gpload.phase": "hold",
    });
    const usage = metrics.get("gen_ai.client.token.usage")?.histogram.dataPoints.map(attributes);
    expect(usage?.map((one) => one["gen_ai.token.type"])).toEqual(["input", "output"]);
  });

  it("put each sample into the bucket of the first bound that it does not exceed", () => {
    const metrics = sent(folded([], [HELD]));
    const [gaps] = metrics.get("gen_ai.client.operation.time_per_output_chunk")?.histogram.dataPoints ?? [];
    expect(gaps?.bucketCounts.slice(0, 3)).toEqual(["1", "1", "0"]);
    expect(gaps?.bucketCounts).toHaveLength((gaps?.explicitBounds.length ?? 0) + 1);
    const [calls] = metrics.get("gen_ai.invoke_agent.tool_calls")?.histogram.dataPoints ?? [];
    expect(calls?.bucketCounts.slice(0, 3)).toEqual(["1", "1", "0"]);
  });

  it("have a point for each tool by name once the run is over, and none for what was not measured", () => {
    expect(sent(folded([], [HELD])).has("gen_ai.execute_tool.duration")).toBe(false);
    const [tool] =
      sent(folded([], [HELD, TOOL])).get("gen_ai.execute_tool.duration")?.histogram.dataPoints ?? [];
    expect([tool?.count, tool?.sum]).toEqual(["2", 0.1]);
    expect(attributes(tool)).toMatchObject({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "sql",
      "gen_ai.agent.name": "shop",
    });
    const none = second(0, [], { hold: { "agent.response": { samples: [], censored: 9 } } });
    expect([...sent(folded([], [none])).keys()]).toEqual([]);
  });
});
