// The reference backend as a target that is not embedded, with its control server at hand.
import { onTestFinished } from "vitest";
import { type Reference, startReference } from "../../../src/reference/launch.js";
import type { ReferenceOptions } from "../../../src/reference/options.js";

interface DefectAccount {
  readonly name: string;
  readonly injected: number;
}

export interface ControlledReference extends Reference {
  /** Switches a defect on: `count` times exactly, or at a rate. */
  misbehave(order: {
    readonly name: string;
    readonly count?: number;
    readonly rate?: number;
    readonly params?: Readonly<Record<string, unknown>>;
  }): Promise<void>;
  /** How often the defect happened, by the backend's own account. */
  injected(name: string): Promise<number>;
  /** Messages that it took up, by its own account. */
  accepted(): Promise<number>;
}

/** Stopped at the end of the test. */
export async function reference(options: ReferenceOptions = {}): Promise<ControlledReference> {
  const backend = await startReference(options);
  onTestFinished(async () => void (await backend.stop()));
  const call = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${backend.controlUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${backend.controlToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    ...backend,
    misbehave: async (order) => void (await call("/defects", order)),
    async injected(name) {
      const { defects } = (await call("/defects")) as { readonly defects: readonly DefectAccount[] };
      return defects.find((defect) => defect.name === name)?.injected ?? 0;
    },
    accepted: async () => ((await call("/stats")) as { readonly messagesAccepted: number }).messagesAccepted,
  };
}
