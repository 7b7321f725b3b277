// One recorded stream in the definitions of gp-load and of two other tools, as docs/measurement.md holds them side by side.
import { expect, it } from "vitest";
import { AXES } from "../../src/app/axes.js";
import { SampleRecorder } from "../../src/metrics/samples.js";
import { blankEvent } from "../../src/model/turn/event.js";
import { emptyUsageCounts } from "../../src/model/turn/usage.js";
import { profileNamed } from "../../src/profiles/index.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import { recordFrame, recordTurn, recordUsage } from "../../src/session/turn/ending/measures.js";
import { createHttpClient } from "../../src/wire/http/http.js";
import { defined } from "../support/defined.js";
import { turn } from "../support/turns.js";

interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
  readonly usage?: { readonly completion_tokens: number };
}

const choice = (delta: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});
/** Milliseconds after the send, and what came then: Chat Completions that open with a role and end with their usage. */
const STREAM: readonly (readonly [ms: number, data: object | "[DONE]"])[] = [
  [50, choice({ role: "assistant", content: "" })],
  [120, choice({ content: "Hello" })],
  [160, choice({ content: ", world" })],
  [260, choice({ content: "." })],
  [265, choice({}, "stop")],
  [270, { choices: [], usage: { prompt_tokens: 9, completion_tokens: 6, total_tokens: 15 } }],
  [271, "[DONE]"],
];

const chunks = STREAM.flatMap(([ms, data]) => (data === "[DONE]" ? [] : [{ ms, chunk: data as Chunk }]));
const tokens = defined(chunks.map(({ chunk }) => chunk.usage?.completion_tokens).findLast(Boolean));
const gapsOf = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((ms, at) => ms - (times[at] ?? 0));

/** `vllm bench serve`, backend openai-chat: every chunk with a choice counts, whether it holds a text or not. */
function byVllm() {
  const times = chunks.filter(({ chunk }) => (chunk.choices?.length ?? 0) > 0).map(({ ms }) => ms);
  const [ttft = Number.NaN] = times;
  const e2el = times.at(-1) ?? Number.NaN;
  return { ttft, itl: gapsOf(times), tpot: (e2el - ttft) / (tokens - 1), e2e: e2el };
}

/** AIPerf: only responses with a text count, and the request ends with the last of them. */
function byAiperf() {
  const times = chunks.filter(({ chunk }) => chunk.choices?.[0]?.delta.content).map(({ ms }) => ms);
  const [ttft = Number.NaN] = times;
  const latency = times.at(-1) ?? Number.NaN;
  return { ttft, icl: gapsOf(times), itl: (latency - ttft) / (tokens - 1), e2e: latency };
}

const SENT_US = 5_000_000;

/** What a turn of ours measures from the same frames, milliseconds; it was due 3 ms before it was sent. */
function byUs() {
  const scenarios = {
    s: { target: "t", load: { users: 1, hold: "1s" }, journey: ["connect", { send: {} }] },
  };
  const targets = { t: { profile: "openai-chat", url: "http://127.0.0.1:1" } };
  const { target } = defined(
    loadScenarios({
      path: "s.yaml",
      parts: [{ path: "s.yaml", text: JSON.stringify({ version: 1, targets, scenarios }) }],
      axes: AXES,
      env: {},
      readText: () => "",
    }).scenarios[0],
  );
  const { tls, proxy, headers } = target;
  const http = createHttpClient({ tls, proxy, headers, timeoutUs: 1, connections: 1, bodyBytes: 1 });
  const protocol = defined(profileNamed("openai-chat")).open(target, target.options, http);
  const recorder = new SampleRecorder();
  const made = turn({
    ...{ samples: recorder.phase("hold"), intendedUs: SENT_US - 3000, sentUs: SENT_US },
    rules: protocol.capabilities.order,
  });
  const event = blankEvent();
  for (const [ms, data] of STREAM) {
    const frame = data === "[DONE]" ? data : JSON.stringify({ id: "c", model: "m", ...data });
    protocol.decode(frame, event, undefined, () => {
      event.receivedAtUs = SENT_US + ms * 1000;
      const anomaly = made.apply(event, frame);
      recordFrame(made, event, anomaly, { stamped: () => undefined, keepsToolRuns: false });
      if (event.kind === "agent_completed" && made.end === undefined) {
        made.end = "completed";
        made.endedUs = event.receivedAtUs;
      }
    });
  }
  recordTurn(made);
  recordUsage(made, { usage: true, tools: false, prices: undefined, counts: emptyUsageCounts() });
  const { hold = {} } = recorder.take();
  const all = (metric: string): readonly number[] =>
    [...(hold[metric]?.samples ?? [])].map((us) => us / 1000);
  const one = (metric: string): number => defined(all(metric)[0]);
  return {
    ...{ ttft: one("ttft/service"), ttfe: one("ttfe/service"), tpot: one("tpot"), gaps: all("chunk.gap") },
    ...{ e2e: one("agent.response/service"), due: one("ttft") },
  };
}

it("follows each tool's own definition, and ours is AIPerf's except for the end", () => {
  const ours = byUs();
  const vllm = byVllm();
  const aiperf = byAiperf();
  expect(vllm).toEqual({ ttft: 50, itl: [70, 40, 100, 5], tpot: 43, e2e: 265 });
  expect(aiperf).toEqual({ ttft: 120, icl: [40, 100], itl: 28, e2e: 260 });
  expect(ours).toEqual({ ttft: 120, ttfe: 50, gaps: [40, 100], tpot: 28, e2e: ours.e2e, due: 123 });
  expect([ours.ttft, ours.gaps, ours.tpot]).toEqual([aiperf.ttft, aiperf.icl, aiperf.itl]);
  expect(ours.ttfe).toBe(vllm.ttft);
  // The terminal event, not the last text.
  expect([265, 271]).toContain(ours.e2e);
});
