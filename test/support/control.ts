// Talks to the control server of a reference backend: switches defects, reads its own account.
import type { Reference } from "../../src/reference/launch.js";

interface DefectAccount {
  readonly name: string;
  readonly injected: number;
}

export interface Order {
  readonly name: string;
  readonly count?: number;
  readonly rate?: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Control {
  /** Switches a defect on: `count` times exactly, or at a rate. */
  misbehave(order: Order): Promise<void>;
  /** How often the defect happened, by the backend's own account. */
  injected(name: string): Promise<number>;
  /** Messages that it took up, by its own account. */
  accepted(): Promise<number>;
}

export function controlOf({ controlUrl, controlToken }: Reference): Control {
  const call = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${controlUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${controlToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    misbehave: async (order) => void (await call("/defects", order)),
    async injected(name) {
      const { defects } = (await call("/defects")) as { readonly defects: readonly DefectAccount[] };
      return defects.find((defect) => defect.name === name)?.injected ?? 0;
    },
    accepted: async () => ((await call("/stats")) as { readonly messagesAccepted: number }).messagesAccepted,
  };
}
