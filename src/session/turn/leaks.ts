// Another user's data in a frame or a row: found by nonce, by user id or by thread id.
import type { AgentEvent } from "../../model/turn/event.js";
import type { NonceCodec, NonceOwner } from "../../model/turn/nonce.js";
import type { Leak } from "./surroundings.js";

/** Tells whose an id or a nonce is. */
interface Owners {
  readonly codec: NonceCodec;
  readonly registry: {
    userOf(userId: string): number | undefined;
    threadOwner(threadId: string): number | undefined;
  };
}

/** Whoever received the frame. */
interface Receiver {
  readonly number: number;
  readonly session: { readonly userId: string | undefined };
  /** Turns under way, whose nonces are no leak. */
  readonly open: readonly { readonly nonce: string; readonly threadId: string }[];
}

/** The first sign in a frame that it belongs to another user of the run; `undefined` for a frame of one's own. */
export function leakIn(frame: string, event: AgentEvent, user: Receiver, services: Owners): Leak | undefined {
  const owner = foreignNonce(frame, user.number, services.codec, user.open);
  if (owner) return leakOf(event, user.number, owner.user, owner.turn, "nonce");
  const { userId, threadId } = event;
  if (userId !== undefined && userId !== user.session.userId) {
    const other = services.registry.userOf(userId);
    if (other !== undefined && other !== user.number)
      return leakOf(event, user.number, other, undefined, "user id");
  }
  if (threadId !== undefined && threadId !== user.open[0]?.threadId) {
    const other = services.registry.threadOwner(threadId);
    if (other !== undefined && other !== user.number)
      return leakOf(event, user.number, other, undefined, "thread id");
  }
  return undefined;
}

/**
 * The first nonce in a text that decodes to another user. One `indexOf` per nonce; the nonces of the user's
 * open turns, by far the most frequent, are recognised without decoding.
 */
function foreignNonce(
  text: string,
  user: number,
  codec: NonceCodec,
  own: readonly { readonly nonce: string }[],
): NonceOwner | undefined {
  const { prefix } = codec;
  for (let at = text.indexOf(prefix); at >= 0; ) {
    let length = ownLength(text, at, own);
    if (length === 0) {
      const owner = codec.decodeAt(text, at);
      if (owner && owner.user !== user) return owner;
      length = owner?.length ?? prefix.length;
    }
    at = text.indexOf(prefix, at + length);
  }
  return undefined;
}

/**
 * Characters of the open turn's nonce that begins there, 0 for none. Asked newest first: most frames are of the turn that
 * was sent last, and those before it may be many.
 */
function ownLength(text: string, at: number, own: readonly { readonly nonce: string }[]): number {
  for (let i = own.length - 1; i >= 0; i--) {
    const turn = own[i];
    if (turn && text.startsWith(turn.nonce, at)) return turn.nonce.length;
  }
  return 0;
}

function leakOf(
  event: AgentEvent,
  user: number,
  owner: number,
  turn: number | undefined,
  by: Leak["by"],
): Leak {
  return {
    user,
    owner,
    where: "frame",
    what: event.name,
    turn,
    runId: event.runId,
    atUs: event.receivedAtUs,
    by,
  };
}
