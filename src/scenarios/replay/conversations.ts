// Conversations from a file: what users said, message by message, in our own format or ShareGPT's.
import type { Problem } from "../parse/problems.js";
import { readYaml } from "../parse/yaml.js";
import { shown } from "../schema/fields.js";
import { eachJsonLine, jsonOf, LineProblems, NOT_JSON } from "./json-lines.js";

/** The messages of one user in one conversation, in order; at least one. */
export type Conversation = readonly string[];

export interface ConversationsRead {
  readonly conversations: readonly Conversation[];
  readonly problems: readonly Problem[];
  /** Which part of the file is not used, for people; empty if all of it is. */
  readonly unused: string;
}

const MAX_CONVERSATIONS = 10_000;
const MAX_MESSAGES = 200;
/** Characters. */
const LONGEST_MESSAGE = 32_768;
/** Of all messages together: every worker holds them. */
const MAX_CHARACTERS = 32 * 1_048_576;
/** Unlike lines, a list is parsed as a whole. */
const LONGEST_LIST = 64 * 1_048_576;

/** Reads a JSON list of conversations, or one conversation per line, depending on how the text starts. */
export function readConversations(content: string, file: string): ConversationsRead {
  const problems = new LineProblems(file);
  const gathered = new Gathered(problems);
  const text = content.startsWith("\uFEFF") ? content.slice(1) : content;
  if (isOneList(text)) readList(text, gathered, problems);
  else eachJsonLine(text, problems, (value, line) => gathered.take(value, line, ""));
  if (gathered.conversations.length === 0 && problems.list.length === 0)
    problems.add(1, "holds no conversation", '["Hello!", "And what does it cost?"]');
  return { conversations: gathered.conversations, problems: problems.list, unused: gathered.unused() };
}

/** A line in our own format is a list of texts; in a list of conversations, another bracket or a brace comes next. */
function isOneList(text: string): boolean {
  return /^\s*\[\s*[[{]/.test(text);
}

function readList(text: string, gathered: Gathered, problems: LineProblems): void {
  if (text.length > LONGEST_LIST) {
    const message = `is a list of more than ${LONGEST_LIST / 1_048_576} MiB`;
    problems.add(1, message, "write one conversation a line (JSONL)");
    return;
  }
  const list = jsonOf(text)?.json;
  if (!Array.isArray(list)) {
    problems.add(faultyLine(text), NOT_JSON);
    return;
  }
  for (const [at, value] of list.entries())
    if (problems.full || !gathered.take(value, 1, `conversation ${at + 1} `)) return;
}

/** JSON is YAML, whose parser reports lines; 1 if the text is too large for it. */
function faultyLine(text: string): number {
  const place = readYaml(text, "").problems[0]?.place;
  return place && "line" in place ? place.line : 1;
}

class Gathered {
  readonly conversations: Conversation[] = [];
  #characters = 0;
  #silent = 0;
  #cut = 0;
  #full = false;

  constructor(readonly problems: LineProblems) {}

  /** @returns whether to go on */
  take(value: unknown, line: number, prefix: string): boolean {
    if (this.conversations.length >= MAX_CONVERSATIONS || this.#characters >= MAX_CHARACTERS) {
      this.#full = true;
      return false;
    }
    const messages = messagesOf(value);
    if (typeof messages === "string") this.problems.add(line, `${prefix}${messages}`);
    else this.#add(messages);
    return true;
  }

  #add(messages: readonly string[]): void {
    const tooLong = messages.findIndex(({ length }) => length > LONGEST_MESSAGE);
    const used = messages.slice(0, Math.min(MAX_MESSAGES, tooLong < 0 ? messages.length : tooLong));
    if (messages.length === 0) this.#silent++;
    else if (used.length < messages.length) this.#cut++;
    if (used.length === 0) return;
    this.conversations.push(used);
    this.#characters += used.reduce((sum, { length }) => sum + length, 0);
  }

  unused(): string {
    return [
      this.#full ? `only the first ${this.conversations.length} conversations are used` : "",
      this.#silent > 0 ? `conversations in which no user says anything are left out: ${this.#silent}` : "",
      this.#cut > 0
        ? `conversations end before a message of more than ${LONGEST_MESSAGE / 1024} Ki characters, and after ${MAX_MESSAGES} messages: ${this.#cut}`
        : "",
    ]
      .filter((part) => part !== "")
      .join("; ");
  }
}

/** The user's messages; a string says what is wrong. */
function messagesOf(value: unknown): readonly string[] | string {
  if (Array.isArray(value)) return ownMessages(value);
  const turns =
    typeof value === "object" && value !== null && "conversations" in value ? value.conversations : undefined;
  if (Array.isArray(turns)) return sharedMessages(turns);
  return `expected a list of a user's messages, or ShareGPT's \`conversations\`, got ${shown(value)}`;
}

function ownMessages(list: readonly unknown[]): readonly string[] | string {
  const messages: string[] = [];
  for (const [at, message] of list.entries()) {
    if (typeof message !== "string") return `message ${at + 1} is not a text but ${shown(message)}`;
    if (message.trim() === "") return `message ${at + 1} is empty`;
    messages.push(message);
  }
  return messages.length === 0 ? "has no message" : messages;
}

/** `human` in the original, `user` in some copies. */
const USERS: readonly unknown[] = ["human", "user"];

function sharedMessages(turns: readonly unknown[]): readonly string[] | string {
  const messages: string[] = [];
  for (const [at, turn] of turns.entries()) {
    const sound = typeof turn === "object" && turn !== null && "from" in turn && "value" in turn;
    if (!sound || typeof turn.from !== "string" || typeof turn.value !== "string")
      return `turn ${at + 1} lacks \`from\` or \`value\` as a text`;
    if (USERS.includes(turn.from) && turn.value.trim() !== "") messages.push(turn.value);
  }
  return messages;
}
