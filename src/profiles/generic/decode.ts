// Frames → events by the rules of the scenario file, compiled once; and the reasons for each, for people.
import type { AgentEvent } from "../../model/turn/event.js";
import { createRedactor, isSecretName, REDACTED } from "../../support/redaction.js";
import { shorten } from "../../support/text.js";
import type { Recognition } from "../profile.js";
import { idOf, stampUs, textOf } from "../values.js";
import {
  compilePath,
  type FrameView,
  firstOf,
  type Getter,
  parsedJson,
  parseInside,
  parsePath,
} from "./json-path.js";
import type { GenericOptions } from "./options.js";
import { compileRules, describeMiss, describeRule, type Found, type Rule } from "./recognise.js";
import type { RequestIds } from "./request-ids.js";

export interface Decoder {
  decode(frame: string, into: AgentEvent, label?: string): void;
  shapeOf(frame: string, name?: string): string;
  explain(frame: string, label?: string): Recognition;
}

const NO_NAME = "(no rule fits)";
/** How much of an answer is looked at for its being canned. */
const CANNED_WITHIN = 300;
const NAME_LENGTH = 64;
const MAX_SHAPE = 160;
const MAX_SHOWN = 240;

/** What a rule brings of its own. */
interface RuleFields {
  readonly text: Getter | undefined;
  readonly tool: Getter | undefined;
  readonly toolId: Getter | undefined;
  readonly code: Getter | undefined;
}

interface CompiledRule extends Rule, RuleFields {}

export function genericDecoder(options: GenericOptions, requests: RequestIds): Decoder {
  const rules: readonly CompiledRule[] = compileRules(options.events).map((rule) => ({
    ...rule,
    text: own(rule.spec.text),
    tool: own(rule.spec.tool),
    toolId: own(rule.spec.toolId),
    code: own(rule.spec.code),
  }));
  const fill = fillerOf(options, requests);
  const nested = options.parse.map(parsePath).filter((path) => typeof path !== "string");
  const canned = options.canned.map((pattern) => new RegExp(pattern, "i"));
  const view: FrameView = { root: undefined, frame: "", label: undefined };
  const look = (frame: string, label: string | undefined): void => {
    view.frame = frame;
    view.label = label;
    view.root = parsedJson(frame) ?? frame;
    for (const path of nested) parseInside(view.root, path);
  };
  const matching = (): { readonly rule: CompiledRule; readonly found: Found } | undefined => {
    for (const rule of rules) {
      const found = rule.find(view);
      if (found) return { rule, found };
    }
    return undefined;
  };
  return {
    decode(frame, into, label) {
      look(frame, label);
      blank(into);
      const match = matching();
      if (!match) {
        into.kind = "unrecognised";
        into.name = (label ?? NO_NAME).slice(0, NAME_LENGTH);
        return;
      }
      into.kind = match.found.kind;
      into.name = match.found.name;
      fill(view, into, match.rule);
      if (into.kind === "agent_completed" && into.text !== undefined && isCanned(into.text, canned)) {
        into.kind = "agent_error";
        into.errorCode = "canned_answer";
      }
      view.root = undefined;
    },
    shapeOf(frame, name) {
      const label = name === NO_NAME ? undefined : name;
      look(frame, label);
      const keys = typeof view.root === "object" && view.root !== null ? keysOf(view.root) : "not JSON";
      const named = label === undefined ? "" : `${label.slice(0, NAME_LENGTH)}: `;
      return clean(`${named}${describeMiss(rules, view)}; keys ${keys}`).slice(0, MAX_SHAPE);
    },
    explain(frame, label) {
      look(frame, label);
      const match = matching();
      if (!match) {
        const because = `${clean(describeMiss(rules, view))}; the frame: ${shownFrame(view)}`;
        return { kind: "unrecognised", name: label ?? "", because };
      }
      const { rule, found } = match;
      const name = rule.spec.kinds ? found.name : undefined;
      return { ...found, because: describeRule(rule.spec, rules.indexOf(rule), name) };
    },
  };
}

function own(paths: readonly string[] | undefined): Getter | undefined {
  return paths === undefined ? undefined : firstOf(paths.map(compilePath));
}

/** Everything but the kind: ids, stamps, and what such a kind has. */
function fillerOf(options: GenericOptions, requests: RequestIds) {
  const get = (paths: readonly string[]): Getter => firstOf(paths.map(compilePath));
  const { ids, tool, error } = options;
  const [run, message, request] = [get(ids.run), get(ids.message), get(ids.request)];
  const [thread, user] = [get(ids.thread), get(ids.user)];
  const [timestamp, seq, replayed, text] = [
    get(options.timestamp),
    get(options.seq),
    get(options.replayed),
    get(options.text),
  ];
  const [toolName, toolId, code, errorText] = [
    get(tool.name),
    get(tool.id),
    get(error.code),
    get(error.text),
  ];
  return (view: FrameView, into: AgentEvent, rule: RuleFields): void => {
    into.runId = idOf(run(view));
    into.messageId = idOf(message(view)) ?? requests.messageOf(request(view));
    into.threadId = idOf(thread(view));
    into.userId = idOf(user(view));
    into.emittedAtWallUs = stampUs(timestamp(view));
    const number = seq(view);
    into.seq = typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : -1;
    into.replayed = replayed(view) === true;
    switch (into.kind) {
      case "agent_completed":
      case "answer_delta":
      case "agent_thinking":
        into.text = textOf((rule.text ?? text)(view), 0);
        return;
      case "tool_executing":
      case "tool_completed":
        into.toolName = idOf((rule.tool ?? toolName)(view));
        into.toolId = idOf((rule.toolId ?? toolId)(view));
        return;
      case "agent_error":
      case "rejected":
        into.errorCode = idOf((rule.code ?? code)(view));
        into.text = textOf((rule.text ?? errorText)(view), 0);
        return;
      default:
    }
  };
}

function blank(into: AgentEvent): void {
  into.emittedAtWallUs = Number.NaN;
  into.runId = undefined;
  into.messageId = undefined;
  into.threadId = undefined;
  into.userId = undefined;
  into.seq = -1;
  into.replayed = false;
  into.text = undefined;
  into.toolName = undefined;
  into.toolId = undefined;
  into.errorCode = undefined;
}

function isCanned(text: string, patterns: readonly RegExp[]): boolean {
  if (patterns.length === 0) return false;
  const begin = text.slice(0, CANNED_WITHIN);
  return patterns.some((pattern) => pattern.test(begin));
}

/** Names of the first keys, cut: a key may be as long as the frame. */
function keysOf(root: object): string {
  return Object.keys(root)
    .slice(0, 12)
    .map((key) => key.slice(0, NAME_LENGTH))
    .join(",");
}

const looksLikeToken = createRedactor([]);

function clean(text: string): string {
  return looksLikeToken.redact(text);
}

/** A frame for people: short, and without what looks like a secret by its name or its form. */
function shownFrame({ root, frame }: FrameView): string {
  let text = frame;
  if (typeof root === "object" && root !== null) {
    try {
      text = JSON.stringify(root, (key, value: unknown) =>
        typeof value === "string" && isSecretName(key) ? REDACTED : value,
      );
    } catch {
      // Nested too deeply to be written again: its own text will do, and tokens are found in that, too.
    }
  }
  const short = clean(text.slice(0, 4 * MAX_SHOWN));
  return shorten(short, MAX_SHOWN);
}
