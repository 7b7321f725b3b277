// The profile `ag-ui`: the Agent-User Interaction protocol 1.0 over server-sent events.
import { definePreset } from "../generic/preset.js";

const INTERRUPTED = {
  all: [
    { path: "type", equals: "RUN_FINISHED" },
    {
      any: [
        { path: "outcome", equals: "interrupt" },
        { path: "outcome.type", equals: "interrupt" },
      ],
    },
  ],
};

export const agUi = definePreset({
  summary: "AG-UI 1.0: a run is a POST, its events a stream of server-sent events",
  data: () => ({
    transport: "sse",
    stream: {
      request: {
        path: "/",
        body: {
          threadId: "{threadId}",
          runId: "{messageId}",
          state: {},
          messages: [{ id: "{messageId}", role: "user", content: "{text}" }],
          tools: [],
          context: [],
          forwardedProps: {},
        },
      },
    },
    control: {
      stop: "close",
      decide: {
        each: {
          interruptId: "{askId}",
          status: "resolved",
          payload: { approved: "{approved}", answer: "{answer}" },
        },
        body: {
          threadId: "{threadId}",
          runId: "{uuid}",
          ...{ state: {}, messages: [], tools: [], context: [], forwardedProps: {} },
          resume: "{each}",
        },
      },
    },
    events: [
      {
        when: {
          all: [
            { path: "type", equals: "RUN_FINISHED" },
            { path: "outcome.type", equals: "cancelled" },
          ],
        },
        kind: "stopped",
        name: "cancelled",
      },
      {
        // A run that stops to ask something waits for its user: each interrupt is one request.
        each: "outcome.interrupts",
        when: INTERRUPTED,
        kind: "waiting",
        name: "interrupt",
        ask: "@item.id",
        toolId: "@item.toolCallId",
        text: ["@item.message", "@item.reason"],
      },
      { when: INTERRUPTED, kind: "waiting", name: "interrupt", text: ["outcome.type", "outcome"] },
      {
        // The adapter of LangGraph tells its interrupts so, and finishes the run as if it had an answer.
        when: {
          all: [
            { path: "type", equals: "CUSTOM" },
            { path: "name", in: ["on_interrupt", "OnInterrupt"] },
          ],
        },
        kind: "waiting",
        name: "interrupt",
        text: "value",
      },
      {
        // The first piece of a call that comes in pieces names its tool.
        when: {
          all: [
            { path: "type", equals: "TOOL_CALL_CHUNK" },
            { path: "toolCallName", matches: "." },
          ],
        },
        kind: "tool_executing",
        name: "TOOL_CALL_CHUNK",
      },
      {
        path: "type",
        kinds: {
          RUN_STARTED: "agent_started",
          REASONING_START: "agent_thinking",
          REASONING_MESSAGE_START: "agent_thinking",
          REASONING_MESSAGE_CONTENT: "agent_thinking",
          REASONING_MESSAGE_CHUNK: "agent_thinking",
          THINKING_START: "agent_thinking",
          THINKING_TEXT_MESSAGE_START: "agent_thinking",
          THINKING_TEXT_MESSAGE_CONTENT: "agent_thinking",
          STEP_STARTED: "agent_thinking",
          TOOL_CALL_START: "tool_executing",
          TOOL_CALL_RESULT: "tool_completed",
          TEXT_MESSAGE_CONTENT: "answer_delta",
          TEXT_MESSAGE_CHUNK: "answer_delta",
          RUN_FINISHED: "agent_completed",
          RUN_ERROR: "agent_error",
          // The end of a call is that of its arguments, and not its result.
          TOOL_CALL_END: "ignored",
          TOOL_CALL_ARGS: "ignored",
          TOOL_CALL_CHUNK: "ignored",
          TEXT_MESSAGE_START: "ignored",
          TEXT_MESSAGE_END: "ignored",
          REASONING_END: "ignored",
          REASONING_MESSAGE_END: "ignored",
          REASONING_ENCRYPTED_VALUE: "ignored",
          THINKING_END: "ignored",
          THINKING_TEXT_MESSAGE_END: "ignored",
          STEP_FINISHED: "ignored",
          // The end of one agent of several, or its error, is not that of the run.
          SUBAGENT_STARTED: "agent_thinking",
          SUBAGENT_FINISHED: "ignored",
          SUBAGENT_ERROR: "ignored",
          STATE_SNAPSHOT: "ignored",
          STATE_DELTA: "ignored",
          MESSAGES_SNAPSHOT: "ignored",
          ACTIVITY_SNAPSHOT: "ignored",
          ACTIVITY_DELTA: "ignored",
          RAW: "ignored",
          CUSTOM: "ignored",
        },
      },
    ],
    ids: { run: "runId", thread: "threadId" },
    text: "delta",
    timestamp: "timestamp",
    tool: { name: "toolCallName", id: "toolCallId" },
    error: { code: "code", text: "message" },
    expects: ["agent_started", "agent_completed"],
    order: { repeatStarted: false, thinkingDuringTools: true },
  }),
});
