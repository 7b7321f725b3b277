// What the launching process and the backend's process say to each other over IPC.
import type { ReferenceOptions } from "./options.js";
import type { ReferenceAddress } from "./server.js";

export type ToReference =
  /** Sent once, first: options travel here and not in argv or the environment, since they may hold a key. */
  { readonly type: "start"; readonly options: ReferenceOptions } | { readonly type: "stop" };

export type FromReference =
  | { readonly type: "listening" }
  | {
      readonly type: "ready";
      readonly address: ReferenceAddress;
      readonly temporaryDirectory: string | undefined;
    }
  | { readonly type: "failed"; readonly message: string };
