// Reads what clients send: one JSON object per frame, checked and bounded.
import { randomUUID } from "node:crypto";
import type { RawData } from "ws";
import { z } from "zod";
import { deeperThan } from "../json-depth.js";
import type { TurnWeight } from "../storage/store.js";

export interface UserMessage {
  readonly kind: "message";
  readonly content: string;
  readonly threadId: string;
  /** The client's own id, or one created here if it sent none. */
  readonly messageId: string;
  readonly weight: TurnWeight;
  /** The answer should be streamed. */
  readonly streams: boolean;
  /** Trace context from the frame, its payload or its metadata. */
  readonly traceparent: string | undefined;
}

/** A user's decision on a request of a run. */
export interface Decision {
  readonly kind: "approve" | "reject" | "answer";
  /** The text of an answer. */
  readonly text: string;
}

/** A turn is identified by its run, or by its message until an event has named the run. */
export interface StopFrame {
  readonly kind: "stop";
  readonly runId: string | undefined;
  readonly messageId: string | undefined;
}

export interface ApprovalFrame {
  readonly kind: "approval";
  readonly approvalId: string;
  readonly decision: Decision;
}

export type ClientFrame =
  | UserMessage
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | StopFrame
  | ApprovalFrame
  | { readonly kind: "resume"; readonly runId: string; readonly afterSeq: number };

/** `messageId` is set if it could be read from the frame. */
export interface BadFrame {
  readonly kind: "bad";
  readonly code: "malformed" | "unknown_type" | "too_deep";
  readonly error: string;
  readonly messageId?: string;
}

const traceparent = z.string().max(100).optional().catch(undefined);
const message = z.object({
  content: z.string(),
  thread_id: z.string().min(1).max(100),
  message_id: z.string().min(1).max(200).optional(),
  traceparent,
  metadata: z
    .looseObject({
      traceparent,
      stream: z.boolean().optional().catch(undefined),
      weight: z.enum(["light", "medium", "heavy"]).optional().catch(undefined),
    })
    .nullish(),
});
const id = z.string().min(1).max(200);
const stop = z.object({ run_id: id.nullish(), message_id: id.nullish() });
const approval = z.object({
  approval_id: id,
  decision: z.enum(["approve", "reject", "answer"]),
  text: z.string().max(10_000).default(""),
});
const resume = z.object({ run_id: z.string().min(1).max(100), after_seq: z.number().int().min(0) });
const frame = z.object({ type: z.string().max(100), traceparent, payload: z.unknown().optional() });

/** Never throws. */
export function readClientFrame(data: RawData, isBinary: boolean, maxDepth: number): ClientFrame | BadFrame {
  if (isBinary) return bad("malformed", "a frame must be text");
  let value: unknown;
  try {
    value = JSON.parse(String(data));
  } catch {
    return bad("malformed", "the frame is not valid JSON");
  }
  if (deeperThan(value, maxDepth))
    return bad("too_deep", `the frame is nested deeper than ${maxDepth} levels`);
  const outer = frame.safeParse(value);
  if (!outer.success) return bad("malformed", "a frame must be an object with a type");
  return byType(outer.data);
}

function byType({ type, payload, traceparent }: z.infer<typeof frame>): ClientFrame | BadFrame {
  switch (type) {
    case "user_message":
    case "start_agent":
    case "chat":
      return readMessage(payload, traceparent);
    case "ping":
    case "pong":
      return { kind: type };
    case "stop": {
      const read = stop.safeParse(payload);
      const { run_id: runId, message_id: messageId } = read.data ?? {};
      if (!runId && !messageId) return bad("malformed", "stop needs run_id or message_id");
      return { kind: "stop", runId: runId ?? undefined, messageId: messageId ?? undefined };
    }
    case "approval": {
      const read = approval.safeParse(payload);
      if (!read.success) return bad("malformed", "approval needs approval_id and decision");
      const { approval_id: approvalId, decision: kind, text } = read.data;
      return { kind: "approval", approvalId, decision: { kind, text } };
    }
    case "resume": {
      const read = resume.safeParse(payload);
      if (!read.success) return bad("malformed", "resume needs run_id and after_seq");
      return { kind: "resume", runId: read.data.run_id, afterSeq: read.data.after_seq };
    }
    default:
      return bad("unknown_type", "the frame's type is not known");
  }
}

function readMessage(payload: unknown, beside: string | undefined): UserMessage | BadFrame {
  const read = message.safeParse(payload);
  if (!read.success) {
    const issue = read.error.issues[0];
    return {
      ...bad("malformed", `payload.${issue?.path.join(".")}: ${issue?.message}`),
      ...messageIdOf(payload),
    };
  }
  const { content, thread_id, message_id, metadata } = read.data;
  return {
    kind: "message",
    content,
    threadId: thread_id,
    messageId: message_id ?? randomUUID(),
    weight: metadata?.weight ?? "medium",
    streams: metadata?.stream ?? false,
    traceparent: read.data.traceparent ?? metadata?.traceparent ?? beside,
  };
}

function messageIdOf(payload: unknown): { messageId: string } | undefined {
  const id =
    payload !== null && typeof payload === "object" && "message_id" in payload
      ? payload.message_id
      : undefined;
  return typeof id === "string" ? { messageId: id.slice(0, 200) } : undefined;
}

function bad(code: BadFrame["code"], error: string): BadFrame {
  return { kind: "bad", code, error };
}
