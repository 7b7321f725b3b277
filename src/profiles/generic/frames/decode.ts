// Frames → events by the scenario file's rules, compiled once, with explanations for people.
import { type AgentEvent, clearEvent, TOKEN_REFUSED } from "../../../model/turn/event.js";
import { createRedactor, isSecretName, REDACTED } from "../../../support/redaction.js";
import { shorten } from "../../../support/text.js";
import type { Recognition } from "../../profile.js";
import { errorWords, idOf, stampUs, textOf } from "../../values.js";
import {
  compilePath,
  type FrameView,
  firstOf,
  type Getter,
  parsedJson,
  parseInside,
  parsePath,
} from "../language/json-path.js";
import { compileCondition, describeCondition } from "../language/predicate.js";
import type { GenericOptions } from "../schema/options.js";
import { usageReader } from "../schema/usage.js";
import { compileRules, describeMiss, describeRule, eachMatch, type Found, type Rule } from "./recognise.js";
import type { RequestIds } from "./request-ids.js";

export interface Decoder {
  decode(frame: string, into: AgentEvent, label?: string, each?: () => void): void;
  shapeOf(frame: string, name?: string): string;
  explain(frame: string, label?: string): Recognition;
}

const REFUSAL = "refused token";
const NO_NAME = "(no rule fits)";
/** Characters of an answer that are checked for a canned answer. */
const CANNED_WITHIN = 300;
const NAME_LENGTH = 64;
const MAX_SHAPE = 160;
const MAX_SHOWN = 240;
/** Most events of one frame that are explained. */
const MAX_EXPLAINED = 8;

/** A rule's own fields. */
interface RuleFields {
  readonly text?: readonly TextPlace[] | undefined;
  readonly source?: Getter | undefined;
  readonly tool?: Getter | undefined;
  readonly toolId?: Getter | undefined;
  readonly code?: Getter | undefined;
  readonly ask?: Getter | undefined;
}

interface CompiledRule extends Rule, RuleFields {}

/** A place of texts, and its number among all of the profile's. */
interface TextPlace {
  readonly get: Getter;
  readonly at: number;
}

export function genericDecoder(options: GenericOptions, requests: RequestIds): Decoder {
  const places = textPlaces();
  const rules: readonly CompiledRule[] = compileRules(options.events).map((rule) => ({
    ...rule,
    text: rule.spec.text && places(rule.spec.text),
    source: own(rule.spec.source),
    tool: own(rule.spec.tool),
    toolId: own(rule.spec.toolId),
    code: own(rule.spec.code),
    ask: own(rule.spec.ask),
  }));
  const fill = fillerOf(options, requests, places);
  const nested = options.parse.map(parsePath).filter((path) => typeof path !== "string");
  const canned = options.canned.map((pattern) => new RegExp(pattern, "i"));
  const { refused: refusal } = options.socket;
  const isRefusal = refusal && compileCondition(refusal);
  const view: FrameView = { root: undefined, frame: "", label: undefined };
  const look = (frame: string, label: string | undefined): void => {
    view.frame = frame;
    view.label = label;
    view.root = parsedJson(frame) ?? frame;
    for (const path of nested) parseInside(view.root, path);
  };
  return {
    decode(frame, into, label, each) {
      look(frame, label);
      if (isRefusal?.(view)) {
        clearEvent(into);
        into.kind = "rejected";
        into.name = REFUSAL;
        fill(view, into, {});
        into.errorCode = TOKEN_REFUSED;
        each?.();
        return;
      }
      let parts = 0;
      eachMatch(rules, view, (rule, { kind, name }) => {
        clearEvent(into);
        into.kind = kind;
        into.name = name;
        into.part = parts++;
        fill(view, into, rule);
        if (into.kind === "agent_completed" && into.text !== undefined && isCanned(into.text, canned)) {
          into.kind = "agent_error";
          into.errorCode = "canned_answer";
        }
        each?.();
        return each !== undefined;
      });
      view.root = undefined;
      view.item = undefined;
      if (parts > 0) return;
      clearEvent(into);
      into.kind = "unrecognised";
      into.name = (label ?? NO_NAME).slice(0, NAME_LENGTH);
      each?.();
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
      if (refusal && isRefusal?.(view))
        return { kind: "rejected", name: REFUSAL, because: `socket.refused: ${describeCondition(refusal)}` };
      const matches: { readonly rule: CompiledRule; readonly found: Found }[] = [];
      eachMatch(rules, view, (rule, found) => matches.push({ rule, found }) < MAX_EXPLAINED);
      const [match] = matches;
      if (!match) {
        const because = `${clean(describeMiss(rules, view))}; the frame: ${shownFrame(view)}`;
        return { kind: "unrecognised", name: label ?? "", because };
      }
      const reasons = matches.map(({ rule, found }) =>
        describeRule(rule.spec, rules.indexOf(rule), rule.spec.kinds ? found.name : undefined),
      );
      return { ...match.found, because: [...new Set(reasons)].join("; and ") };
    },
  };
}

function own(paths: readonly string[] | undefined): Getter | undefined {
  return paths === undefined ? undefined : firstOf(paths.map(compilePath));
}

/** Numbers places by their paths, so that rules with the same place share a number. */
function textPlaces(): (paths: readonly string[]) => readonly TextPlace[] {
  const numbers = new Map<string, number>();
  return (paths) =>
    paths.map((path) => {
      const at = numbers.get(path) ?? numbers.size;
      numbers.set(path, at);
      return { get: compilePath(path), at };
    });
}

function fillText(view: FrameView, into: AgentEvent, places: readonly TextPlace[]): void {
  for (const { get, at } of places) {
    const value = get(view);
    if (value === undefined || value === null) continue;
    into.text = textOf(value, 0);
    into.textAt = at;
    return;
  }
}

/** Fills error texts from the usual places, or else from the places of answers, if the file does not say where they are. */
function fillErrorWords(view: FrameView, into: AgentEvent, answers: readonly TextPlace[]): void {
  into.text = typeof view.root === "string" ? view.root.trim() || undefined : errorWords(view.root);
  if (into.text === undefined) fillText(view, into, answers);
}

/** Fills everything except the kind: ids, stamps, and the fields of the kind. */
function fillerOf(options: GenericOptions, requests: RequestIds, places: ReturnType<typeof textPlaces>) {
  const get = (paths: readonly string[]): Getter => firstOf(paths.map(compilePath));
  const { ids, tool, error } = options;
  const [run, message, request] = [get(ids.run), get(ids.message), get(ids.request)];
  const [thread, user] = [get(ids.thread), get(ids.user)];
  const [timestamp, seq, replayed] = [get(options.timestamp), get(options.seq), get(options.replayed)];
  const [text, errorText] = [places(options.text), places(error.text)];
  const usage = usageReader(options.usage);
  const [toolName, toolId, code] = [get(tool.name), get(tool.id), get(error.code)];
  const [input, output] = [own(tool.input), own(tool.output)];
  return (view: FrameView, into: AgentEvent, rule: RuleFields): void => {
    into.runId = idOf(run(view));
    into.messageId = idOf(message(view)) ?? requests.messageOf(request(view));
    into.threadId = idOf(thread(view));
    into.userId = idOf(user(view));
    into.emittedAtWallUs = stampUs(timestamp(view), options.zone);
    into.seq = seqOf(seq(view));
    into.replayed = replayed(view) === true;
    into.usage = into.part === 0 ? usage?.(view) : undefined;
    switch (into.kind) {
      case "agent_completed":
      case "answer_delta":
        into.source = idOf(rule.source?.(view));
        fillText(view, into, rule.text ?? text);
        return;
      case "answer_kept":
      case "answer_dropped":
        into.source = idOf(rule.source?.(view));
        return;
      case "agent_thinking":
        fillText(view, into, rule.text ?? text);
        return;
      case "tool_executing":
      case "tool_completed":
      case "tool_refused":
        into.toolName = idOf((rule.tool ?? toolName)(view));
        into.toolId = idOf((rule.toolId ?? toolId)(view));
        into.toolData = (into.kind === "tool_executing" ? input : output)?.(view);
        return;
      case "waiting":
        into.askId = idOf(rule.ask?.(view));
        into.toolName = idOf((rule.tool ?? toolName)(view));
        into.toolId = idOf((rule.toolId ?? toolId)(view));
        fillText(view, into, rule.text ?? []);
        return;
      case "stopped":
      case "agent_error":
      case "rejected":
        into.errorCode = idOf((rule.code ?? code)(view));
        fillText(view, into, rule.text ?? errorText);
        if (into.kind !== "stopped" && into.text === undefined) fillErrorWords(view, into, text);
        return;
      default:
    }
  };
}

/** Some services write event numbers as text. */
function seqOf(value: unknown): number {
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : -1;
}

function isCanned(text: string, patterns: readonly RegExp[]): boolean {
  if (patterns.length === 0) return false;
  const begin = text.slice(0, CANNED_WITHIN);
  return patterns.some((pattern) => pattern.test(begin));
}

/** Names of the first keys, cut, since a key may be as long as the frame. */
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

/** A frame for people: short, and without anything that looks like a secret. */
function shownFrame({ root, frame }: FrameView): string {
  let text = frame;
  if (typeof root === "object" && root !== null) {
    try {
      text = JSON.stringify(root, (key, value: unknown) =>
        typeof value === "string" && isSecretName(key) ? REDACTED : value,
      );
    } catch {
      // Too deeply nested to write again: its own text will do, in which tokens are found too.
    }
  }
  const short = clean(text.slice(0, 4 * MAX_SHOWN));
  return shorten(short, MAX_SHOWN);
}
