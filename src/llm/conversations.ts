// Each conversation's last prompt, as hashes of its blocks: shows how much of the next a real provider could reuse.
import { createHash } from "node:crypto";
import type { ModelRequest } from "./conversation.js";

/** Bytes of one block: the resolution of shared prefixes. */
const BLOCK = 256;
/** Conversations remembered; the least recently used one goes first. */
const MAX_CONVERSATIONS = 20_000;
/** Blocks remembered per prompt. */
const MAX_BLOCKS = 4096;

export interface PromptSize {
  /** UTF-8 bytes of all messages. */
  readonly bytes: number;
  /** Common start with the conversation's previous prompt, in whole blocks; `undefined` for its first. */
  readonly sharedBytes: number | undefined;
  /** The same for the same prompt, and almost never for another. */
  readonly hash: number;
}

/** Remembers only hashes of prompts: no text is kept after the call. */
export class Conversations {
  readonly #last = new Map<string, readonly number[]>();

  /** Makes the prompt the newest of its conversation, and compares it with the one before. */
  measure(request: ModelRequest): PromptSize {
    const text = request.messages.map(({ role, text: said }) => `${role}\n${said}\n`).join("");
    const bytes = Buffer.from(text);
    const blocks: number[] = [];
    for (let at = 0; at + BLOCK <= bytes.length && blocks.length < MAX_BLOCKS; at += BLOCK)
      blocks.push(hashOf(bytes.subarray(at, at + BLOCK)));
    const key = keyOf(request);
    const before = this.#last.get(key);
    let shared = 0;
    while (shared < blocks.length && blocks[shared] === before?.[shared]) shared++;
    this.#last.delete(key);
    this.#last.set(key, blocks);
    if (this.#last.size > MAX_CONVERSATIONS) this.#forgetOldest();
    return {
      bytes: bytes.length,
      sharedBytes: before && shared * BLOCK,
      hash: hashOf(bytes),
    };
  }

  #forgetOldest(): void {
    for (const key of this.#last.keys()) {
      this.#last.delete(key);
      return;
    }
  }
}

/** User, model and the user's first message identify a conversation: later messages are appended. */
function keyOf(request: ModelRequest): string {
  const first = request.messages.find(({ role }) => role === "user")?.text ?? "";
  return createHash("sha1")
    .update(`${request.user ?? ""}\n${request.model}\n${first}`)
    .digest("base64");
}

function hashOf(bytes: Buffer): number {
  return createHash("sha1").update(bytes).digest().readUIntBE(0, 6);
}
