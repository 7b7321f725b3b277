// The defect `store-unavailable`: a store in front of the store, whose calls fail or hang while it is on.

import type { DefectBook } from "../defects/book.js";
import { type Store, StoreUnavailable } from "../storage/store.js";

/** The same store, whose every call but `close` first asks the defect. */
export function sabotagedStore(store: Store, defects: DefectBook): Store {
  return new Proxy(store, {
    get(target, property, receiver) {
      const value = Reflect.get(target, property, receiver);
      if (typeof value !== "function" || property === "close") return value;
      return (...args: unknown[]) => {
        const params = defects.claim("store-unavailable", { detail: String(property) });
        if (!params) return Reflect.apply(value, target, args);
        if (params.hang) return new Promise(() => {});
        return Promise.reject(new StoreUnavailable("the database is away"));
      };
    },
  });
}
