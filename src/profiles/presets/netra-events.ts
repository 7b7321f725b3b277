// What frames of the Netra Apex backend mean, whichever of its envelopes they came in.
import type { GenericInput } from "../generic/schema/options.js";

type Events = Pick<GenericInput, "events" | "text" | "error" | "canned">;

/** Where the name of an event is, in the order in which a known one is looked for. */
const NAMES = [
  "type",
  "event",
  "data.type",
  "data.event",
  "payload.type",
  "payload.event",
  "payload.original_agent_event_type",
];

export const NETRA_EVENTS: Events = {
  events: [
    {
      path: NAMES,
      kinds: {
        connection_established: "welcome",
        factory_connection_established: "welcome",
        isolated_connection_established: "welcome",
        legacy_connection_established: "welcome",
      },
    },
    {
      path: NAMES,
      kinds: {
        agent_started: "agent_started",
        agent_start: "agent_started",
        agent_thinking: "agent_thinking",
        // One emitter spreads its data over the frame, and the type with it.
        reasoning: "agent_thinking",
        tool_executing: "tool_executing",
        tool_execute: "tool_executing",
        tool_started: "tool_executing",
        tool_call: "tool_executing",
        tool_completed: "tool_completed",
        tool_complete: "tool_completed",
        tool_result: "tool_completed",
        agent_completed: "agent_completed",
        agent_complete: "agent_completed",
        agent_response: "agent_completed",
        partial_result: "answer_delta",
        stream_chunk: "answer_delta",
        agent_response_chunk: "answer_delta",
        agent_error: "agent_error",
        agent_failed: "agent_error",
        agent_death: "agent_error",
        agent_fallback: "agent_error",
        agent_stopped: "agent_error",
        agent_cancelled: "agent_error",
      },
    },
    {
      when: {
        any: [
          { path: "type", in: ["ack", "agent_task_ack"] },
          { path: "data.status", equals: "acknowledged" },
        ],
      },
      kind: "ack",
      name: "ack",
    },
    {
      path: "type",
      kinds: {
        ping: "ping",
        pong: "pong",
        error: "rejected",
        error_message: "rejected",
        connection_error: "rejected",
        system_error: "rejected",
        critical_task_failure: "rejected",
        agent_response_complete: "agent_completed",
        final_report: "agent_completed",
        heartbeat: "ignored",
        heartbeat_ack: "ignored",
        system_message: "ignored",
        agent_progress: "ignored",
        agent_update: "ignored",
        agent_log: "ignored",
        progress_update: "ignored",
        subagent_started: "ignored",
        subagent_completed: "ignored",
        step_created: "ignored",
        message_saved: "ignored",
      },
    },
    { when: { path: "type", matches: "^(thread|mcp)_" }, kind: "ignored", name: "housekeeping" },
  ],
  // `data.message` is not among them: in the canonical envelope it only says that the agent is done.
  text: [
    "final_response",
    "data.final_response",
    "response",
    "data.response",
    "result",
    "data.result",
    "data.metadata.result",
    "metadata.result",
    "payload.final_response",
    "payload.response",
    "payload.result",
    "content",
    "data.content",
    "payload",
    "message",
  ],
  error: {
    code: ["error_code", "code", "data.error_code", "data.code", "payload.code", "payload.error_code"],
    text: [
      "error_message",
      "data.error_message",
      "data.user_friendly_message",
      "payload.error",
      "payload.message",
      "message",
      "data.message",
    ],
  },
  // What the service says with status success where its agent or its model could not be had.
  canned: [
    "^\\s*agent processed your message",
    "^\\s*agent response for:",
    "^\\s*mock\\b.*\\bresponse",
    "^\\s*fallback\\b",
    "\\bdegraded mode\\b",
    "\\(timeout fallback\\)",
  ],
};
