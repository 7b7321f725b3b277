// Finds the two turns of a recording: where the user's messages were sent, and what came back.

import type { Transport } from "../../model/transport.js";
import { parsedJson } from "../../profiles/generic/language/json-path.js";
import { frameSource } from "../../wire/reading/stream-frames.js";
import { packetFrame } from "./engine-packets.js";
import { inJson } from "./leaves.js";
import {
  type Exchange,
  LONGEST_KEPT,
  type PassedFrame,
  type PassedSocket,
  type Recording,
} from "./recording.js";

/** What the client sent with the user's message, and the frames that followed. */
export interface SentTurn {
  readonly text: string;
  readonly atUs: number;
  /** The request, if each message is one. */
  readonly exchange?: Exchange;
  /** The frame, if messages are sent over a socket. */
  readonly frame?: PassedFrame;
  readonly frames: readonly PassedFrame[];
  /** Whether the response stream has ended; never known for a socket. */
  readonly ended: boolean;
}

export interface RecordedTurns {
  readonly transport: Transport;
  readonly socket: PassedSocket | undefined;
  readonly turns: readonly SentTurn[];
  /** How often a message was also sent in another way, which was ignored. */
  readonly others: readonly string[];
}

/** In the order of the texts, without those that were not sent. */
export function findTurns(recording: Recording, texts: readonly string[]): RecordedTurns | undefined {
  const sockets = [
    ...recording.sockets.filter(({ transport }) => transport === "websocket"),
    ...engineSockets(recording),
  ];
  const streamed = texts.map((text) => requestsWith(recording, text));
  const framed = sockets.map((socket) => ({ socket, turns: framesWith(socket, texts) }));
  const best = framed.sort((a, b) => b.turns.length - a.turns.length)[0];
  const http = bestRequests(streamed);
  const answers = (turn: SentTurn): boolean => turn.frames.some(({ text }) => text !== "");
  const streams = http.filter((exchange) => framesOf(exchange).length > 1);
  // In this order: a request answered by a stream, a frame on a socket, a request with a single response.
  if (best && best.turns.filter(answers).length > streams.length) {
    const others = http.map(({ method, path }) => `${method} ${path}`);
    return { transport: best.socket.transport, socket: best.socket, turns: best.turns, others };
  }
  if (http.length === 0) return undefined;
  const turns = http.map(
    (exchange, at): SentTurn => ({
      text: texts[at] ?? "",
      atUs: exchange.atUs,
      exchange,
      frames: framesOf(exchange),
      ended: exchange.doneUs !== undefined,
    }),
  );
  const others = sockets.flatMap(({ path, frames }) =>
    frames.some(({ from, atUs }) => from === "server" && atUs > (turns[0]?.atUs ?? 0))
      ? [`socket ${path}`]
      : [],
  );
  return { transport: "sse", socket: undefined, turns, others };
}

function requestsWith(recording: Recording, text: string): readonly Exchange[] {
  const spelled = inJson(text);
  const form = new URLSearchParams({ t: text }).toString().slice(2);
  return recording.exchanges.filter(
    ({ body = "", query }) =>
      query.EIO === undefined &&
      (body.includes(text) ||
        body.includes(spelled) ||
        body.includes(inJson(spelled)) ||
        body.includes(form) ||
        Object.values(query).some((value) => value.includes(text))),
  );
}

/** For each text, the kind of request with the longest response; the same kind for all texts, if possible. */
function bestRequests(streamed: readonly (readonly Exchange[])[]): readonly Exchange[] {
  const kindOf = ({ method, path, body = "" }: Exchange): string =>
    `${method} ${path
      .split("/")
      .map((part) => (/\d/.test(part) ? "*" : part))
      .join("/")} ${Object.keys(parsedJson(body) ?? {})
      .sort()
      .slice(0, 4)}`;
  const weight = (exchange: Exchange): number =>
    Math.min(framesOf(exchange).length, 3) * 1e7 + (exchange.answer()?.length ?? 0);
  const first = [...(streamed[0] ?? [])].sort((a, b) => weight(b) - weight(a));
  const shapeOf = (exchange: Exchange): string => kindOf(exchange).split(" ").slice(0, 2).join(" ");
  const common = first.find((one) =>
    streamed.every((list) => list.some((other) => shapeOf(other) === shapeOf(one))),
  );
  const chosen = common ?? first[0];
  if (!chosen) return [];
  // If the conversation is repeated, later requests contain the text, too: the first of the same shape counts.
  const taken = new Set<Exchange>();
  return streamed.flatMap((list) => {
    const own = list.find((one) => shapeOf(one) === shapeOf(chosen) && !taken.has(one));
    if (!own) return [];
    taken.add(own);
    return [own];
  });
}

function framesWith(socket: PassedSocket, texts: readonly string[]): readonly SentTurn[] {
  const { frames } = socket;
  const sends = texts.flatMap((text) => {
    const spelled = inJson(text);
    const twice = inJson(spelled);
    const frame = frames.find(
      (one) =>
        one.from === "client" && [text, spelled, twice].some((spelling) => one.text.includes(spelling)),
    );
    return frame ? [{ text, frame }] : [];
  });
  return sends.map(({ text, frame }, at) => {
    const from = frames.indexOf(frame);
    const next = sends[at + 1]?.frame;
    const to = next ? frames.indexOf(next) : frames.length;
    const answered = frames.slice(from + 1, to).filter((one) => one.from === "server");
    return { text, atUs: frame.atUs, frame, frames: answered, ended: false };
  });
}

const STREAM_LIMIT = 4 * LONGEST_KEPT;

/** The frames of a response, as a streaming user would get them. */
function framesOf(exchange: Exchange): readonly PassedFrame[] {
  const frames: PassedFrame[] = [];
  const source = frameSource(exchange.answerHeaders["content-type"] ?? "", STREAM_LIMIT, {
    onFrame: (text, label) =>
      frames.push({
        from: "server",
        atUs: exchange.doneUs ?? exchange.atUs,
        text,
        ...(label === undefined ? {} : { label }),
      }),
    onSign: () => {},
    onTooBig: () => {},
  });
  source.feed(exchange.answer() ?? "");
  source.end(exchange.doneUs !== undefined);
  return frames;
}

const SEPARATOR = "\u001e";

/** Socket.IO connections, including traffic by polling before or instead of an upgrade. */
function engineSockets({ sockets, exchanges }: Recording): readonly PassedSocket[] {
  const bySid = new Map<string, PassedSocket>();
  const entry = (sid: string, from: Exchange | PassedSocket): PassedSocket => {
    const known = bySid.get(sid);
    if (known) return known;
    const { atUs, path, query, headers } = from;
    const made: PassedSocket = {
      kind: "socket",
      transport: "socket.io",
      atUs,
      path,
      query,
      headers,
      protocols: [],
      frames: [],
    };
    bySid.set(sid, made);
    return made;
  };
  for (const exchange of exchanges) {
    if (exchange.query.EIO === undefined) continue;
    const opened = /"sid":"([^"]+)"/.exec(
      exchange.query.sid === undefined ? (exchange.answer() ?? "") : "",
    )?.[1];
    const socket = entry(exchange.query.sid ?? opened ?? "", exchange);
    const take = (text: string, from: PassedFrame["from"], atUs: number): void => {
      for (const packet of text.split(SEPARATOR)) {
        const frame = packetFrame(packet, from, socket);
        if (frame) socket.frames.push({ from, atUs, ...frame });
      }
    };
    take(exchange.body ?? "", "client", exchange.atUs);
    take(exchange.answer() ?? "", "server", exchange.doneUs ?? exchange.atUs);
  }
  for (const socket of sockets) {
    if (socket.transport !== "socket.io") continue;
    const merged = entry(socket.query.sid ?? `alone ${socket.atUs}`, socket);
    merged.frames.push(...socket.frames);
    if (socket.auth !== undefined) merged.auth = socket.auth;
    if (socket.namespace !== undefined) merged.namespace = socket.namespace;
  }
  for (const socket of bySid.values()) socket.frames.sort((a, b) => a.atUs - b.atUs);
  return [...bySid.values()];
}
