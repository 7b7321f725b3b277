// Turns as streams, with the file's requests, and what the end of a stream means for its turn.
import type { Ask, DecisionKind, ToolCall } from "../../../model/turn/decision.js";
import { type AgentEvent, clearEvent } from "../../../model/turn/event.js";
import type { StreamEnd } from "../../../wire/http/sse.js";
import type { ControlCall, Controls, Message, Session, TurnStreams } from "../../profile.js";
import type { RequestIds } from "../frames/request-ids.js";
import {
  compileTemplate,
  compileTextTemplate,
  holdsPlaceholder,
  PLACEHOLDERS,
  type Values,
} from "../language/template.js";
import type { ControlSpec } from "../schema/access.js";
import type { GenericOptions } from "../schema/options.js";
import type { RequestSpec } from "../schema/request.js";
import { frameText } from "./handshake.js";
import { asStream, compileCarrier, compileRequest, sessionValues, withCookies } from "./requests.js";

export function genericStreams(
  url: string,
  options: GenericOptions,
  requests: RequestIds,
): TurnStreams | undefined {
  const { stream, carry: carrySpec, end } = options;
  if (!stream) return undefined;
  const carry = compileCarrier(carrySpec);
  const request = compileRequest(url, stream.request, carry);
  const fill = messageFiller(stream.request, requests, options.conversation);
  const resume = stream.resume && compileRequest(url, stream.resume, carry);
  const asksForRun = JSON.stringify(stream.resume ?? "").includes("{runId");
  const health =
    stream.health === undefined ? undefined : compileTextTemplate(stream.health, encodeURIComponent);
  return {
    idleUs: stream.silence ?? 0,
    health(session) {
      if (!health) return undefined;
      const target = url + (health(sessionValues(session)) ?? "");
      return { url: target, headers: withCookies(carry(session).headers, session, target) };
    },
    request: (message, session) => asStream(request(fill(message), session)),
    resume(message, runId, lastEventId, session) {
      // Before the run's id is known, the request would be for another run, or for none.
      if (!resume || (runId === undefined && asksForRun)) return undefined;
      const { threadId, messageId, traceparent } = message;
      const open = resume({ threadId, messageId, runId, lastEventId, traceparent }, session);
      // An empty id resets the last one.
      const after = lastEventId ? { "last-event-id": lastEventId } : {};
      return asStream({ ...open, headers: { ...after, ...open.headers } });
    },
    ended: (told, into) => fillEnd(told, into, end.close),
  };
}

/** How to stop turns and send decisions, according to the file; `undefined` if it does not say. */
export function genericControls(
  url: string,
  options: GenericOptions,
  requests: RequestIds,
  own: (session: Session) => Values,
): Controls | undefined {
  const { control, carry: carrySpec, stream } = options;
  if (!control) return undefined;
  const carry = compileCarrier(carrySpec);
  const stop = control.stop && compileStop(control.stop, url, carry, own);
  if (!control.decide) return stop && { stop };
  const { body } = control.decide;
  const again = messageFiller(body, requests, options.conversation);
  const decide = compileDecide(control.decide, stream?.request, again, url, carry, own);
  const repeats = PLACEHOLDERS.repeat.some((name) => holdsPlaceholder(body, name));
  return { ...(stop ? { stop } : {}), decide, ...(repeats ? { repeats } : {}) };
}

type Carrier = ReturnType<typeof compileCarrier>;

function compileStop(
  spec: NonNullable<ControlSpec["stop"]>,
  url: string,
  carry: Carrier,
  own: (session: Session) => Values,
): NonNullable<Controls["stop"]> {
  if (spec === "close") return () => ({ by: "close" });
  // Before the run's id is known, it cannot be used to stop the run.
  const needsRun = JSON.stringify(spec).includes("{runId");
  const make = compileCall("send" in spec ? { send: spec.send } : { request: spec.request }, url, carry, own);
  return (turn, session) => (needsRun && turn.runId === undefined ? undefined : make({ ...turn }, session));
}

function compileDecide(
  spec: NonNullable<ControlSpec["decide"]>,
  message: RequestSpec | undefined,
  fill: (message: Message) => Values,
  url: string,
  carry: Carrier,
  own: (session: Session) => Values,
): NonNullable<Controls["decide"]> {
  const each = spec.each === undefined ? undefined : compileTemplate(spec.each);
  const unasked = spec.call === undefined ? undefined : compileTemplate(spec.call);
  const { body, states } = spec;
  const again = message && body !== undefined ? { ...message, form: undefined, body } : undefined;
  const make = compileCall({ ...spec, stream: again }, url, carry, own);
  return (turn, { kind, asks, text, before }, session) => {
    const said = { ...own(session), ...(before ? fill(before.message) : {}), ...turn };
    const valuesOf = (ask: Ask): Values => {
      const call = before?.calls.find(({ id }) => id === ask.toolId);
      return {
        ...said,
        ...decided(ask.decision ?? kind, text),
        ...askValues(ask),
        ...callValues(call, states),
      };
    };
    const values = asks.map(valuesOf);
    const list = each && values.map(each);
    if (spec.send === undefined) {
      const calls = before?.calls.map((call) => {
        const ask = before.asks.find(({ toolId }) => toolId === call.id);
        return ask ? each?.(valuesOf(ask)) : unasked?.({ ...said, ...callValues(call, states) });
      });
      return make({ ...values[0], each: list, calls: calls?.filter((call) => call !== undefined) }, session);
    }
    const calls = values.map((one) => make(one, session));
    return { by: "frames", frames: calls.flatMap((call) => (call.by === "frames" ? call.frames : [])) };
  };
}

function decided(kind: DecisionKind, text: string): Values {
  const approved = kind !== "reject";
  return {
    ...{ decision: kind, approved, decided: kind === "answer" ? text : approved },
    answer: text === "" ? undefined : text,
  };
}

function askValues({ id: askId, toolId, tool: toolName }: Ask): Values {
  return { askId, toolId, toolName };
}

function callValues(call: ToolCall | undefined, states: Readonly<Record<ToolCall["state"], string>>): Values {
  if (!call) return {};
  const { id: toolId, name: toolName, input: toolInput, output: toolOutput, state } = call;
  return { toolId, toolName, toolInput, toolOutput, toolState: states[state] };
}

interface CallSpec {
  readonly send?: unknown;
  readonly request?: RequestSpec | undefined;
  readonly stream?: RequestSpec | undefined;
}

function compileCall(
  { send, request, stream }: CallSpec,
  url: string,
  carry: Carrier,
  own: (session: Session) => Values,
): (values: Values, session: Session) => ControlCall {
  const made = request ?? stream;
  if (!made) {
    const frame = compileTemplate(send);
    return (values, session) => ({
      by: "frames",
      frames: [frameText(frame({ ...own(session), ...values }))],
    });
  }
  const open = compileRequest(url, made, carry);
  const by = stream ? "stream" : "request";
  return (values, session) => ({ by, request: asStream(open(values, session)) });
}

/**
 * Placeholders of a message. A request number is only used up if the template contains it.
 * @param template the template to fill
 */
export function messageFiller(
  template: unknown,
  requests: RequestIds,
  { item, roles }: GenericOptions["conversation"],
): (message: Message) => Values {
  const said = compileTemplate(item);
  const repeats = holdsPlaceholder(template, "messages");
  const numbered = (JSON.stringify(template) ?? "").includes("{requestId");
  return ({ text, threadId, messageId, metadata, outputTokens, traceparent, before = [] }) => ({
    text,
    messages: repeats
      ? [...before, { role: "user", text } as const].map(({ role, text }) =>
          said({ role: roles[role], text }),
        )
      : undefined,
    threadId,
    messageId,
    metadata,
    outputTokens,
    traceparent,
    requestId: numbered ? requests.next(messageId) : undefined,
  });
}

/**
 *   the server refused: 429, 503    rejected, busy
 *                       other 4xx   rejected
 *                       5xx         agent_error
 *   the stream ended cleanly        agent_completed if the file says so and an event arrived; otherwise nothing
 *   it was too big, or silent       agent_error
 *   anything else                   nothing: the channel was lost
 */
function fillEnd(
  { kind, status, reason, frames }: StreamEnd,
  into: AgentEvent,
  close: "completed" | "nothing",
): void {
  clearEvent(into);
  into.name = kind === "refused" ? `HTTP ${status}` : `stream ${kind}`;
  into.text = kind === "ended" ? undefined : reason;
  into.kind = "ignored";
  if (kind === "ended") {
    if (close === "completed" && frames > 0) into.kind = "agent_completed";
  } else if (kind === "refused") {
    const busy = status === 429 || status === 503;
    into.kind = busy || (status >= 400 && status < 500) ? "rejected" : "agent_error";
    into.errorCode = busy ? `http_${status}_busy` : `http_${status}`;
  } else if (kind === "too_big" || kind === "silent") {
    into.kind = "agent_error";
    into.errorCode = `stream_${kind}`;
  }
}
