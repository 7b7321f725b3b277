// How a socket is opened, and what is sent before the first message: handshake, welcome, heartbeat.
import { parsedJson } from "../../profiles/generic/language/json-path.js";
import { nameInFrame } from "../../report/transcript/suggestions.js";
import { isSecretName } from "../../support/redaction.js";
import type { Access } from "./access.js";
import { type Data, filled, isIdLike, isUuid, leavesOf, literal, mapped } from "./leaves.js";
import type { MessageFacts } from "./message.js";
import type { Notes } from "./notes.js";
import type { PassedFrame, PassedSocket } from "./recording.js";
import type { RecordedTurns } from "./turns.js";

export interface SocketFacts {
  readonly options: Data;
  /** Server frames before the first message that no handshake step waits for. */
  readonly around: readonly PassedFrame[];
}

export const PING = /ping|heart|beat|keep.?alive/i;
const MAX_STEPS = 12;
/** Query parameters that an Engine.IO client adds itself. */
const ENGINE_QUERY = ["EIO", "transport", "t", "sid", "b64"];

export function describeSocket(
  socket: PassedSocket,
  { turns }: RecordedTurns,
  access: Access,
  message: MessageFacts,
  notes: Notes,
): SocketFacts {
  const firstUs = turns[0]?.atUs ?? Number.POSITIVE_INFINITY;
  const before = socket.frames.filter(
    ({ atUs, from }) => atUs < firstUs || (atUs === firstUs && from === "server"),
  );
  const io = socket.transport === "socket.io";
  const { steps, awaited } = handshakeOf(before, access, io, message.threadId, notes);
  const heartbeat = heartbeatOf(
    socket,
    turns.map(({ frame }) => frame),
    io,
  );
  const carried = access.socketCarry ?? (access.options.carry as Data | undefined);
  const query = Object.fromEntries(
    Object.entries(socket.query).flatMap(([name, value]) =>
      (io && ENGINE_QUERY.includes(name)) || (carried?.in === "query" && carried.name === name)
        ? []
        : [[name, filledIn(value, name, access, message, notes)]],
    ),
  );
  const offered = socket.protocols.filter(
    (one) => access.token === undefined || !carriesToken(one, access.token),
  );
  const auth =
    io && socket.auth !== undefined && carried?.in !== "auth"
      ? mapped(socket.auth, (value, _path, key) =>
          typeof value === "string" ? filledIn(value, key, access, message, notes) : value,
        )
      : undefined;
  const options = filled({
    path: pathOf(socket.path.replace(io ? /\/$/ : /$^/, ""), access, message, notes),
    query,
    carry: access.socketCarry,
    subprotocols: offered,
    auth: typeof auth === "object" && auth !== null && auth,
    namespace: socket.namespace !== "/" && socket.namespace,
    handshake: steps,
    ready: steps.length > 0 && "open",
    heartbeat,
  });
  return { options, around: before.filter((frame) => frame.from === "server" && !awaited.includes(frame)) };
}

function carriesToken(offer: string, token: string): boolean {
  return offer.includes(token) || offer.includes(Buffer.from(token).toString("base64url"));
}

function filledIn(
  value: string,
  key: string,
  access: Access,
  { threadId }: MessageFacts,
  notes: Notes,
): string {
  if (access.token !== undefined && value.includes(access.token))
    return value.replace(access.token, "{token}");
  if (value === access.userId) return "{userId}";
  if (value === threadId || isUuid(value)) {
    notes.add("socket", `${key} was an id when the socket was opened: a new one is made for each socket`);
    return "{uuid}";
  }
  return isSecretName(key) ? "" : literal(value);
}

function pathOf(path: string, access: Access, { threadId }: MessageFacts, notes: Notes): string {
  return path
    .split("/")
    .map((part) => {
      if (part !== "" && part === access.userId) return "{userId}";
      if (part === "" || (part !== threadId && !isUuid(part))) return literal(part);
      notes.add(
        "socket",
        "the path of the socket has an id in it: a new one is made for each socket; sockets of threads that the backend makes cannot be described",
      );
      return "{uuid}";
    })
    .join("/");
}

function heartbeatOf(
  socket: PassedSocket,
  sends: readonly (PassedFrame | undefined)[],
  io: boolean,
): Data | undefined {
  const beats = socket.frames.filter(
    (frame) =>
      frame.from === "client" && !sends.includes(frame) && PING.test(frame.label ?? frame.text.slice(0, 200)),
  );
  const [first, second] = beats;
  if (!first || !second) return undefined;
  const everyS = Math.max(1, Math.round((second.atUs - first.atUs) / 1e6));
  return {
    send: frameTemplate(first, io, (value) => (typeof value === "string" ? literal(value) : value)),
    every: `${everyS}s`,
  };
}

function frameTemplate(
  { text, label, ack }: PassedFrame,
  io: boolean,
  make: Parameters<typeof mapped>[1],
): unknown {
  const data = parsedJson(text);
  const made = data === undefined ? make(text, "", "") : mapped(data, make);
  if (!io) return made;
  const empty = Array.isArray(data) && data.length === 0;
  return { event: label ?? "message", ...(empty ? {} : { data: made }), ...filled({ ack }) };
}

/** What the client sent before its first message, each step after the frame it waited for. */
function handshakeOf(
  before: readonly PassedFrame[],
  access: Access,
  io: boolean,
  threadId: string | undefined,
  notes: Notes,
): { readonly steps: readonly Data[]; readonly awaited: readonly PassedFrame[] } {
  const said = before.filter(
    ({ from, text, label }) => from === "client" && !PING.test(label ?? text.slice(0, 200)),
  );
  const steps: Data[] = [];
  let heard: {
    readonly frame: PassedFrame;
    readonly step: { await: Data; keep?: Record<string, string> };
  }[] = [];
  if (said.length === 0) return { steps, awaited: [] };
  let waiting: PassedFrame | undefined;
  const awaitIt = (): void => {
    if (!waiting) return;
    const step = { await: conditionOf(waiting) };
    heard = [...heard, { frame: waiting, step }];
    steps.push(step);
    waiting = undefined;
  };
  for (const frame of before) {
    if (frame.from === "server") {
      if (!PING.test(frame.label ?? frame.text.slice(0, 200))) waiting = frame;
      continue;
    }
    if (!said.includes(frame) || steps.length >= MAX_STEPS) continue;
    awaitIt();
    const send = frameTemplate(frame, io, (value, _path, key) => {
      if (typeof value === "string" && access.token !== undefined && value.includes(access.token))
        return value.replace(access.token, "{token}");
      if (access.userId !== undefined && String(value) === access.userId) return "{userId}";
      const kept = isIdLike(value) ? keptFrom(value, key, heard) : undefined;
      if (kept !== undefined) return `{kept.${kept}}`;
      if (threadId !== undefined && String(value) === threadId)
        notes.add(
          "socket.handshake",
          `${key} was the thread's id: nothing can name a thread before the first message; a new id stands there`,
        );
      if (typeof value === "string" && isUuid(value)) return "{uuid}";
      if (typeof value === "string" && isSecretName(key)) {
        notes.add("socket.handshake", `${key}: its value was not written`);
        return "";
      }
      return typeof value === "string" ? literal(value) : value;
    });
    steps.push({ send });
  }
  awaitIt();
  return { steps, awaited: heard.map(({ frame }) => frame) };
}

/** The name for a value of an awaited frame that the client sent back. */
function keptFrom(
  value: string | number,
  key: string,
  heard: readonly { readonly frame: PassedFrame; readonly step: { keep?: Record<string, string> } }[],
): string | undefined {
  for (const { frame, step } of [...heard].reverse()) {
    const leaf = leavesOf(parsedJson(frame.text)).find((one) => one.value === value);
    if (!leaf) continue;
    const name = key.replace(/\W+/g, "_") || "value";
    step.keep = { ...step.keep, [name]: leaf.path };
    return name;
  }
  return undefined;
}

function conditionOf({ text, label }: PassedFrame): Data {
  const { path, name } = nameInFrame({ frame: text, name: "", ...(label === undefined ? {} : { label }) });
  return path === undefined ? { path: "@frame", exists: true } : { path, equals: name };
}
