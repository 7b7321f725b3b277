// The stores that all suites of a run share: started by the global setup, or named by the environment.
import { inject } from "vitest";
import { describeWith } from "../../support/services.js";

export type StoreName = "postgres" | "redis" | "clickhouse";

/** Its URL, or why there is none. */
export type SharedStore = { readonly url: string } | { readonly why: string };

declare module "vitest" {
  export interface ProvidedContext {
    readonly stores: Readonly<Record<StoreName, SharedStore>>;
  }
}

/** The URL of a shared store. Throws why there is none: call it inside a test or a hook. */
export function urlOf(name: StoreName): string {
  const store = inject("stores")[name];
  if ("why" in store) throw new Error(store.why);
  return store.url;
}

/** A suite that needs shared stores: skipped where one is missing, failed where one does not start. */
export function describeWithStores(names: readonly StoreName[], title: string, suite: () => void): void {
  describeWith(
    names.map((name) => `${name} store` as const),
    title,
    suite,
  );
}
