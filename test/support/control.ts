// Talks to the control server of a reference backend: switches defects, reads its own account.
import type { Reference } from "../../src/reference/launch.js";

interface DefectAccount {
  readonly name: string;
  readonly injected: number;
  readonly hits: readonly { readonly detail?: string }[];
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
  /** Switches a defect off; what it did is still told. */
  behave(name: string): Promise<void>;
  /** How often the defect happened, by the backend's own account. */
  injected(name: string): Promise<number>;
  /** What each injection hit, in words. */
  hits(name: string): Promise<readonly string[]>;
  /** Messages that it took up, by its own account. */
  accepted(): Promise<number>;
}

export function controlOf({ controlUrl, controlToken }: Reference): Control {
  const call = async (
    path: string,
    body?: unknown,
    method = body === undefined ? "GET" : "POST",
  ): Promise<unknown> => {
    const answer = await fetch(`${controlUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${controlToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const accountOf = async (name: string): Promise<DefectAccount | undefined> => {
    const { defects } = (await call("/defects")) as { readonly defects: readonly DefectAccount[] };
    return defects.find((defect) => defect.name === name);
  };
  return {
    misbehave: async (order) => void (await call("/defects", order)),
    behave: async (name) => void (await call(`/defects/${name}`, undefined, "DELETE")),
    injected: async (name) => (await accountOf(name))?.injected ?? 0,
    hits: async (name) => (await accountOf(name))?.hits.map(({ detail }) => detail ?? "") ?? [],
    accepted: async () => ((await call("/stats")) as { readonly messagesAccepted: number }).messagesAccepted,
  };
}
