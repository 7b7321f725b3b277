// The protected endpoints of a service, each with its control: whether a valid token opens it.
import type { Answer, Protocol, SearchQuery } from "../../profiles/profile.js";
import type { Control, Uses } from "../services.js";
import type { VirtualUser } from "../user/virtual-user.js";

export const ENDPOINTS = ["history", "search", "threads", "create", "delete", "socket"] as const;
export type Door = (typeof ENDPOINTS)[number];

export const WHOLE_PAGE = { limit: 20, offset: 0, order: "asc" } as const;

export function wholeThread(threadId: string): SearchQuery {
  return { text: "", threadId, role: undefined, limit: 20, offset: 0 };
}

/**
 * Whether a refusal by this endpoint means anything: if it does not open to its owner either, it proves nothing.
 * Tried once for all users of this worker; `undefined` while unknown.
 */
export async function controlOf(
  door: Door,
  user: VirtualUser,
  { protocol, controls }: Uses<"protocol" | "controls">,
): Promise<Control | undefined> {
  const known = controls.get(door);
  if (known) return known;
  const control = await tryWithKey(door, user, protocol);
  if (control) controls.set(door, control);
  return control;
}

async function tryWithKey(door: Door, user: VirtualUser, protocol: Protocol): Promise<Control | undefined> {
  const { session } = user;
  const threadId = user.threads[0]?.id;
  if (threadId === undefined) return undefined;
  switch (door) {
    case "history":
      if (!protocol.capabilities.history) return { why: "the profile knows no history" };
      return controlFrom(await protocol.history(session, threadId, WHOLE_PAGE));
    case "search":
      if (!protocol.capabilities.search) return { why: "the profile knows no search" };
      return controlFrom(await protocol.search(session, wholeThread(threadId)));
    case "threads":
      if (protocol.capabilities.threadList === false) return { why: "the profile lists no threads" };
      return controlFrom(await protocol.listThreads(session));
    case "create":
    case "delete": {
      if (protocol.capabilities.madeUpThreads) return { why: "threads are ids that clients make up" };
      const made = await protocol.createThread(session, "made and deleted by an access probe");
      if (!made.ok) return controlFrom(made);
      const deleted = controlFrom(await protocol.deleteThread(session, made.threadId));
      return door === "create" ? "open" : deleted;
    }
    case "socket":
      return protocol.streams || user.channel.ready ? "open" : undefined;
  }
}

/** After a failure of the service, it is tried again at the next probe. */
function controlFrom(answer: Answer<object>): Control | undefined {
  if (answer.ok) return "open";
  if (answer.status === 0 || answer.status >= 500 || answer.status === 429) return undefined;
  return { why: `it does not open with a good token either (${answer.message})` };
}

/** The user's decoy, created on first use; `undefined` if the service cannot create one. */
export async function decoyOf(
  user: VirtualUser,
  services: Uses<"protocol" | "registry">,
): Promise<string | undefined> {
  if (user.decoy !== undefined) return user.decoy;
  const made = await services.protocol.createThread(user.session, "decoy of an access probe");
  if (!made.ok) return undefined;
  user.decoy = made.threadId;
  services.registry.addDecoy(made.threadId, user.number);
  return made.threadId;
}
