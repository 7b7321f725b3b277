// Reads Engine.IO 4 packets with Socket.IO 5 inside as frames, in both directions, and the handshake.
//
//   engine packet  0 open  1 close  2 ping  3 pong  4 message  5 upgrade  6 noop
//   message        0 connect  1 disconnect  2 event  3 acknowledgement  4 connect error; then [/namespace,][number][JSON]
import { jsonOrNothing } from "../../support/json.js";
import type { PassedFrame, PassedSocket } from "./recording.js";

const MESSAGE = "4";
const PACKET = /^([0-4])(?:(\/[^,]*),)?(\d*)([\s\S]*)$/;

/** A packet as a frame, in the form of our own Socket.IO client; `undefined` if it has none. The handshake goes into the socket. */
export function packetFrame(
  text: string,
  from: PassedFrame["from"],
  socket: PassedSocket,
): Pick<PassedFrame, "text" | "label" | "ack"> | undefined {
  if (!text.startsWith(MESSAGE)) return undefined;
  const [, type, namespace, number = "", json = ""] = PACKET.exec(text.slice(1)) ?? [];
  const data = jsonOrNothing(json);
  if (type === "0" && from === "client") {
    if (namespace !== undefined) socket.namespace = namespace;
    if (typeof data === "object" && data !== null) socket.auth = data;
  }
  if (!Array.isArray(data)) return undefined;
  if (type === "3" && from === "server") {
    const asked = socket.asked?.get(number);
    return asked === undefined ? undefined : { text: dataText(data), label: `${asked}:ack` };
  }
  const [name, ...rest]: unknown[] = data;
  if (type !== "2" || typeof name !== "string") return undefined;
  if (from === "server" || number === "") return { text: dataText(rest), label: name };
  socket.asked ??= new Map();
  socket.asked.set(number, name);
  return { text: dataText(rest), label: name, ack: true };
}

function dataText(data: readonly unknown[]): string {
  return JSON.stringify(data.length === 1 ? data[0] : data) ?? "null";
}
