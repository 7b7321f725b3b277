// The scenario file's handshake: awaits and sends frames step by step, and keeps values from them.

import type { Handshake, HandshakeStep } from "../../../wire/socket/handshake.js";
import type { Session } from "../../profile.js";
import { compilePath, type FrameView, type Getter, parsedJson } from "../language/json-path.js";
import { compileCondition, type Predicate } from "../language/predicate.js";
import { compileTemplate, type Template, type Values } from "../language/template.js";
import type { SocketSpec } from "../schema/access.js";
import { sessionValues } from "./requests.js";

/** Values kept from the handshake, by session: placeholders for everything sent afterwards. */
export type Kept = WeakMap<Session, Values>;

type Step =
  | { readonly awaits: Predicate; readonly keep: readonly (readonly [name: string, get: Getter])[] }
  | { readonly sends: Template };

/** @returns a handshake for one channel, or `undefined` if the socket needs none */
export function compileHandshake(
  spec: Pick<SocketSpec, "handshake" | "refused">,
  kept: Kept,
): (session: Session) => Handshake | undefined {
  const refused = spec.refused && compileCondition(spec.refused);
  const steps = spec.handshake.map((step): Step => {
    if (!step.await) return { sends: compileTemplate(step.send) };
    const keep = Object.entries(step.keep ?? {});
    return {
      awaits: compileCondition(step.await),
      keep: keep.map(([name, path]) => [`kept.${name}`, compilePath(path)] as const),
    };
  });
  return (session) => (steps.length === 0 ? undefined : new Conversation(steps, refused, session, kept));
}

class Conversation implements Handshake {
  #at = 0;
  readonly #steps: readonly Step[];
  readonly #refused: Predicate | undefined;
  readonly #session: Session;
  readonly #kept: Kept;

  constructor(steps: readonly Step[], refused: Predicate | undefined, session: Session, kept: Kept) {
    this.#steps = steps;
    this.#refused = refused;
    this.#session = session;
    this.#kept = kept;
  }

  begin(): HandshakeStep {
    return this.#goOn();
  }

  take(frame: string, label: string | undefined): HandshakeStep | undefined {
    const view: FrameView = { root: parsedJson(frame) ?? frame, frame, label };
    if (this.#refused?.(view)) return { state: "refused", reason: "refused during the handshake" };
    const step = this.#steps[this.#at];
    if (!step || !("awaits" in step) || !step.awaits(view)) return undefined;
    if (step.keep.length > 0) {
      const found = Object.fromEntries(step.keep.map(([name, get]) => [name, get(view)]));
      this.#kept.set(this.#session, { ...this.#kept.get(this.#session), ...found });
    }
    this.#at++;
    return this.#goOn();
  }

  /** Sends frames up to the next one to await. */
  #goOn(): HandshakeStep {
    const send: string[] = [];
    const values = { ...sessionValues(this.#session), ...this.#kept.get(this.#session) };
    for (; this.#at < this.#steps.length; this.#at++) {
      const step = this.#steps[this.#at];
      if (!step || "awaits" in step) return { state: "waiting", send };
      send.push(frameText(step.sends(values)));
    }
    return { state: "done", send };
  }
}

/** A template's value as a frame: text as it is, anything else as JSON. */
export function frameText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
