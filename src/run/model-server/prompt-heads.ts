// The common start of all prompts of a kind, as hashes of short blocks: how much a provider can reuse across users.
import type { ModelRequest } from "../../llm/conversation.js";
import { HEAD_BLOCK, type PromptHead } from "../../model/log/model-call.js";

/** Most blocks kept per common start. */
const MAX_BLOCKS = 2048;
const MAX_KINDS = 32;

interface Head {
  calls: number;
  blocks: number[];
}

export class PromptHeads {
  readonly #heads = new Map<string, Head>();

  take(path: string, { messages, tools }: ModelRequest): void {
    const kind = `${path} ${tools.map(({ name }) => name).join(",")}`.slice(0, 200).trim();
    const head = this.#heads.get(kind);
    if (!head && this.#heads.size >= MAX_KINDS) return;
    const most = head ? head.blocks.length : MAX_BLOCKS;
    if (head?.blocks.length === 0) {
      head.calls++;
      return;
    }
    const bytes = headBytes(messages, most * HEAD_BLOCK);
    const blocks: number[] = [];
    for (let at = 0; at + HEAD_BLOCK <= bytes.length && blocks.length < most; at += HEAD_BLOCK) {
      const hash = hashOf(bytes, at);
      if (head && head.blocks[blocks.length] !== hash) break;
      blocks.push(hash);
    }
    if (head) {
      head.calls++;
      head.blocks = blocks;
    } else this.#heads.set(kind, { calls: 1, blocks });
  }

  list(): PromptHead[] {
    return [...this.#heads].map(([kind, { calls, blocks }]) => ({ kind, calls, blocks }));
  }
}

/**
 * The start of a prompt, with messages joined as in {@link Conversations}, up to the user's first one: users' messages differ
 * from run to run anyway.
 */
function headBytes(messages: ModelRequest["messages"], most: number): Buffer {
  let text = "";
  for (const { role, text: said } of messages) {
    if (role === "user") break;
    text += `${role}\n${said.slice(0, most)}\n`;
    if (text.length >= most) break;
  }
  return Buffer.from(text.slice(0, most)).subarray(0, most);
}

/** Two multiplicative hashes of 26 bits each: a whole number that JSON can represent. */
function hashOf(bytes: Buffer, from: number): number {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let at = from; at < from + HEAD_BLOCK; at++) {
    const byte = bytes[at] ?? 0;
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low ^ byte, 0xc2b2ae35) ^ (low >>> 15);
  }
  return ((high ^ (high >>> 13)) >>> 6) * 0x400_0000 + ((low ^ (low >>> 16)) >>> 6);
}
