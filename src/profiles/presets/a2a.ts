// The profile `a2a`: agents that speak the Agent2Agent protocol 0.3, by JSON-RPC with server-sent events.

import { definePreset } from "../generic/preset.js";
import type { GenericInput } from "../generic/schema/options.js";

/** What an update or a task says of its state; `names` are values of it. */
const state = (kind: "task" | "status-update", names: readonly string[], more: readonly object[] = []) => ({
  all: [{ path: "result.kind", equals: kind }, { path: "result.status.state", in: [...names] }, ...more],
});

const SAYS = { path: "result.status.message.parts", exists: true };
const STATUS_TEXT = "result.status.message.parts";
/** A text that nobody sends: what was said before is the answer. */
const NOTHING = "result.nothing";

const BOTH = ["task", "status-update"] as const;
const FAILED = ["failed", "rejected", "unknown"];

const data = (): GenericInput => ({
  transport: "sse",
  stream: {
    request: {
      path: "/",
      body: {
        jsonrpc: "2.0",
        id: "{messageId}",
        method: "message/stream",
        params: {
          message: {
            kind: "message",
            role: "user",
            messageId: "{messageId}",
            contextId: "{threadId}",
            parts: [{ kind: "text", text: "{text}" }],
          },
        },
      },
    },
  },
  control: {
    stop: {
      request: {
        path: "/",
        body: { jsonrpc: "2.0", id: "{messageId}", method: "tasks/cancel", params: { id: "{runId}" } },
      },
    },
    decide: {
      body: {
        jsonrpc: "2.0",
        id: "{uuid}",
        method: "message/stream",
        params: {
          message: {
            kind: "message",
            role: "user",
            messageId: "{uuid}",
            taskId: "{askId}",
            contextId: "{threadId}",
            parts: [
              { kind: "text", text: "{decision} {answer}" },
              { kind: "data", data: { decision: "{decision}", answer: "{answer}" } },
            ],
          },
        },
      },
    },
  },
  events: [
    { when: { path: "error", exists: true }, kind: "agent_error", name: "error" },
    // An agent may answer at once, without a task.
    { when: { path: "result.kind", equals: "message" }, kind: "agent_completed", text: "result.parts" },
    {
      when: { path: "result.kind", equals: "artifact-update" },
      kind: "answer_delta",
      text: "result.artifact.parts",
    },
    // Words that come with the end are part of the answer, which artifacts may have begun.
    ...BOTH.map((kind) => ({
      when: state(kind, ["completed"], [SAYS]),
      kind: "answer_delta" as const,
      name: "words of the end",
      text: STATUS_TEXT,
      continue: true,
    })),
    {
      when: state("task", ["completed"], [{ path: "result.artifacts[0].parts", exists: true }]),
      kind: "answer_delta",
      name: "artifact",
      text: "result.artifacts[0].parts",
      continue: true,
    },
    ...BOTH.flatMap((kind) => [
      {
        when: state(kind, ["completed"]),
        kind: "agent_completed" as const,
        name: "completed",
        text: NOTHING,
      },
      { when: state(kind, ["canceled"]), kind: "stopped" as const, name: "canceled", text: STATUS_TEXT },
      { when: state(kind, FAILED), kind: "agent_error" as const, name: "failed" },
      {
        when: state(kind, ["input-required", "auth-required"]),
        kind: "waiting" as const,
        name: "input-required",
        ask: ["result.taskId", "result.id"],
        text: STATUS_TEXT,
      },
    ]),
    {
      // The agent ends its stream and has not ended its work.
      when: state("status-update", ["submitted", "working"], [{ path: "result.final", equals: true }]),
      kind: "agent_error",
      name: "final without an end",
    },
    { when: state("task", ["submitted", "working"]), kind: "agent_started", name: "task" },
    { when: state("status-update", ["submitted"]), kind: "ignored", name: "submitted" },
    { when: state("status-update", ["working"]), kind: "agent_thinking", name: "working", text: STATUS_TEXT },
  ],
  ids: { run: ["result.taskId", "result.id"], thread: "result.contextId" },
  timestamp: "result.status.timestamp",
  error: {
    code: ["error.code", "result.status.state"],
    text: ["error.message", STATUS_TEXT],
  },
  expects: ["agent_completed"],
  order: { thinkingDuringTools: true },
});

export const a2a = definePreset({
  summary: "the Agent2Agent protocol 0.3: a turn is message/stream by JSON-RPC, its events server-sent",
  data,
});
