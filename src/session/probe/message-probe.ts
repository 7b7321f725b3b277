// Sends a message into a thread that must refuse it, by socket or stream like the user's other messages.
import type { Uses } from "../services.js";
import { SocketProbes } from "../user/socket-probes.js";
import type { VirtualUser } from "../user/virtual-user.js";
import type { Outcome } from "./probe-outcome.js";
import { tryStream } from "./stream-probe.js";

/** @param tellLate of what is accepted after this has given its answer. @returns `undefined` without a channel */
export async function tryMessage(
  threadId: string,
  user: VirtualUser,
  services: Uses<"protocol" | "wire" | "schedule">,
  tellLate: (outcome: Outcome) => void,
): Promise<Outcome | undefined> {
  if (services.protocol.streams) return tryStream(services, user.session, threadId);
  const { socket } = user;
  if (!user.channel.ready || !socket) return undefined;
  user.probes ??= new SocketProbes(services, () => user.session);
  const late = (): void => tellLate({ answer: "accepted late", result: "breach" });
  const reply = await user.probes.send(threadId, (frame) => socket.send(frame), late);
  if (reply === "accepted") return { answer: "accepted", result: "breach" };
  return { answer: reply === "refused" ? "error" : "no reaction", result: "refused" };
}
