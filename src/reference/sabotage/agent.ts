// Defects of the agent itself: failures, faults of its model, and a wrong memory.

import { askedSubject, sameSubject } from "../agent/facts.js";
import { AgentFailure } from "../agent/failure.js";
import type { InjectedFault } from "../agent/model-client.js";
import type { DefectBook } from "../defects/book.js";
import { TurnAbandoned } from "../run/pauses.js";
import { hitOf, type Run } from "../run/run.js";
import type { Service } from "../service.js";
import type { Fact } from "../storage/store.js";

const READABLE = "Something went wrong while working on your answer. Please send your message again.";

/** Throws if one of the agent's failures is on. */
export function failAfterThinking(defects: DefectBook, run: Run): void {
  const hit = hitOf(run);
  if (defects.claim("agent-silent", hit)) throw new TurnAbandoned("the agent failed silently");
  if (defects.claim("agent-throws", hit))
    throw new AgentFailure("agent_failed", "the agent failed", READABLE);
  const dead = defects.reserve("session-dead-after-error", hit);
  if (dead) {
    run.killsSession = { messages: dead.params.messages, reservation: dead };
    throw new AgentFailure("agent_failed", "the agent failed", READABLE);
  }
  if (defects.claim("raw-stack-trace", hit)) {
    const error = new TypeError("Cannot read properties of undefined (reading 'choices')");
    throw new AgentFailure("agent_failed", error.message, String(error.stack));
  }
}

/** Gives up the turn if `no-answer` is on. */
export function stopsAfterTool(defects: DefectBook, run: Run): void {
  if (defects.claim("no-answer", hitOf(run))) throw new TurnAbandoned("the turn never ends");
}

export interface ModelDefect {
  readonly inject: InjectedFault;
  readonly fallback: boolean;
  readonly swallow: boolean;
}

const MODEL_DEFECTS = [
  ["model-429", "429"],
  ["model-500", "500"],
  ["model-timeout", "timeout"],
  ["model-garbage", "garbage"],
] as const;

/** The defect of this turn's first model call; only the embedded model can produce it. */
export function modelDefect(service: Service, run: Run): ModelDefect | undefined {
  if (!service.model.embedded) return undefined;
  for (const [name, inject] of MODEL_DEFECTS) {
    const params = service.defects.claim(name, hitOf(run));
    if (params) return { inject, fallback: params.fallback, swallow: false };
  }
  if (service.defects.claim("error-swallowed", hitOf(run)))
    return { inject: "500", fallback: false, swallow: true };
  return undefined;
}

/**
 * The facts of the run's thread that the model gets; `forgets` also withholds the last messages.
 * A memory defect counts only if a question asks for a fact that it falsifies.
 */
export async function recalledFacts(
  service: Service,
  run: Run,
): Promise<{ facts: readonly Fact[]; forgets: boolean }> {
  const { store, defects } = service;
  const facts = await store.factsOf(run.threadId);
  const asked = askedSubject(run.content);
  if (asked === undefined) return { facts, forgets: false };
  const known = facts.find((fact) => sameSubject(fact.subject, asked));
  const others = facts.filter((fact) => fact !== known);
  if (known && defects.claim("forget-context", hitOf(run, known.subject)))
    return { facts: others, forgets: true };
  if (known?.previous !== undefined && defects.claim("stale-context", hitOf(run, known.subject))) {
    return { facts: [{ ...known, value: known.previous }, ...others], forgets: true };
  }
  const leak = defects.reserve("leak-context", hitOf(run, asked));
  if (!leak) return { facts, forgets: false };
  const foreign = await store.factElsewhere(run.threadId, asked);
  if (!foreign) {
    leak.release();
    return { facts, forgets: false };
  }
  leak.commit();
  return { facts: [foreign, ...others], forgets: false };
}
