// All options of a custom backend, composed of their parts, with the rules between them.
import { z } from "zod";
import { raise } from "../../../scenarios/parse/explain.js";
import { holdsPlaceholder } from "../language/template.js";
import { accessFields } from "./access.js";
import { eventFields } from "./events.js";
import { storageFields } from "./storage.js";

/** Placeholders for the user's text. */
const SAID = ["text", "messages"] as const;

export const genericFields = { ...accessFields, ...storageFields, ...eventFields };

const NO_TEXT = "the message has no text: `{text}` is nowhere in it";
const TEXT_HINT = 'write "{text}" where the user\'s words belong; "{{text}}" stands for the letters {text}';
const RUN_HINT = "ids: { run: run_id }";

export const genericOptions = z.strictObject(genericFields).superRefine((options, context) => {
  const fault = (path: readonly string[], message: string, hint?: string): void =>
    raise(context, [{ path, message, hint }], []);
  const { transport, send, stream, history, search } = options;
  const { control } = options;
  if (transport === "sse") {
    const noSocket = "the transport sse has no socket to send a frame on";
    if (typeof control?.stop === "object" && "send" in control.stop)
      fault(["control", "stop", "send"], noSocket);
    if (control?.decide?.send !== undefined) fault(["control", "decide", "send"], noSocket);
    if (!stream) fault(["transport"], "the transport sse needs `stream`");
    if (send !== undefined) fault(["send"], "with the transport sse the message is `stream.request.body`");
    if (options.sendThen.length > 0) fault(["sendThen"], noSocket);
  } else {
    const noStreams = `the transport ${transport} has no streams`;
    if (control?.stop === "close")
      fault(["control", "stop"], `the transport ${transport} has no stream of the turn's own to close`);
    if (control?.decide?.body !== undefined) fault(["control", "decide", "body"], noStreams);
    if (send === undefined)
      fault([], `the transport ${transport} needs \`send\``, 'send: { type: "chat", text: "{text}" }');
    if (stream) fault(["stream"], noStreams);
  }
  if (transport === "socket.io" && !namesEvent(send))
    fault(["send"], "Socket.IO sends events: `send` has an `event`, and its `data`");
  if (send !== undefined && !saysSomething(send)) fault(["send"], NO_TEXT, TEXT_HINT);
  if (stream && !saysSomething(stream.request)) fault(["stream", "request"], NO_TEXT, TEXT_HINT);
  for (const [name, resume] of [
    ["socket", options.socket.resume],
    ["stream", holdsPlaceholder(stream?.resume, "runId") ? stream?.resume : undefined],
  ] as const) {
    if (resume !== undefined && options.ids.run.length === 0)
      fault(
        [name, "resume"],
        "asks for a run, and `ids.run` says nowhere what a frame calls its run",
        RUN_HINT,
      );
  }
  if (options.events.length === 0) fault([], "needs `events`: the rules that say what frames mean");
  else if (!endsTurns(options))
    fault(
      ["events"],
      "no rule of kind agent_completed: no turn would ever end",
      "add one, or set `end.close` or `end.silence`",
    );
  for (const [name, page] of [
    ["history", history],
    ["search", search],
  ] as const) {
    if (page && page.paging !== "none" && !JSON.stringify(page.request).includes("{limit}"))
      fault([name, "paging"], "requests to a service with pages need {limit}, {offset} and {order}");
    if (page?.join && page.paging !== "none")
      fault([name, "join"], "rows can only be joined if all of them come at once: `paging: none`");
    if (page && page.sorted !== "oldest-first" && page.paging !== "none")
      fault([name, "sorted"], "says how all rows are sorted: `paging: none`", "orders: { asc: …, desc: … }");
    if (page?.paging === "oldest-first" && page.total.length === 0)
      fault([name, "paging"], "oldest-first needs `total`: where the number of all rows is");
  }
});

export type GenericOptions = z.output<typeof genericOptions>;
export type GenericInput = z.input<typeof genericOptions>;

function endsTurns({
  events,
  end,
}: {
  events: GenericOptions["events"];
  end: GenericOptions["end"];
}): boolean {
  return (
    end.silence !== undefined ||
    end.close === "completed" ||
    events.some(
      ({ kind, kinds }) =>
        kind === "agent_completed" || Object.values(kinds ?? {}).includes("agent_completed"),
    )
  );
}

/** A tolerant service would even answer a message without the user's text, which proves nothing. */
function saysSomething(template: unknown): boolean {
  return SAID.some((name) => holdsPlaceholder(template, name));
}

function namesEvent(send: unknown): boolean {
  return send === undefined || (typeof send === "object" && send !== null && "event" in send);
}
