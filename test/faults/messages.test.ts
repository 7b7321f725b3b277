// What the run says to the processes of its faults: what can be said arrives as it was sent, and nothing else does.
import { describe, expect, it } from "vitest";
import { type ToHookRunner, toHookRunner } from "../../src/faults/hook-runner/messages.js";
import { type ToProxy, toProxy } from "../../src/faults/proxy/messages.js";

const sent = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

const TO_PROXY: readonly ToProxy[] = [
  { type: "start", upstream: { host: "127.0.0.1", port: 8000 }, seed: 7 },
  { type: "order", id: 1, order: { kind: "set", conditions: { latencyMs: 40, blackhole: true } } },
  { type: "order", id: 2, order: { kind: "clear", keys: ["bytesPerSecond"] } },
  { type: "order", id: 3, order: { kind: "reset", share: 0.5 } },
];
const TO_HOOK_RUNNER: readonly ToHookRunner[] = [
  {
    type: "begin",
    key: "0/0",
    begin: {
      kind: "http",
      method: "POST",
      url: "http://h",
      headers: { a: "b" },
      body: undefined,
      timeoutMs: 5,
    },
    undo: { kind: "exec", command: "true", timeoutMs: 5 },
  },
  { type: "end", key: "0/0" },
];

describe("a message to the process of a fault", () => {
  it.each(TO_PROXY)("arrives at the proxy: %j", (message) => {
    expect(toProxy.parse(sent(message))).toEqual(message);
  });

  it.each(TO_HOOK_RUNNER)("arrives at the hook runner: %j", (message) => {
    expect(toHookRunner.parse(sent(message))).toEqual(message);
  });

  it("is refused if it is none of these", () => {
    const wrong = [
      { type: "order", id: 1, order: { kind: "clear", keys: ["colour"] } },
      { type: "order", id: 1, order: { kind: "set", conditions: { latencyMs: "40" } } },
      { type: "begin", key: "0/0", begin: { kind: "shell" }, undo: { kind: "shell" } },
      { type: "end" },
      null,
    ];
    for (const message of wrong) {
      expect(toProxy.safeParse(message).success).toBe(false);
      expect(toHookRunner.safeParse(message).success).toBe(false);
    }
  });
});
