// What can be done to a target: plain data, so that the keeper's process can undo it after everybody else is gone.

/** A request to a hook; any answer but 2xx is a failure. */
interface HttpCall {
  readonly kind: "http";
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; `undefined` for none. */
  readonly body: unknown;
  readonly timeoutMs: number;
}

/** A command for the shell; any exit but 0 is a failure. */
interface ExecCall {
  readonly kind: "exec";
  readonly command: string;
  readonly timeoutMs: number;
}

/** What outside hooks do, and the keeper's process does for the run. */
export type HookCall = HttpCall | ExecCall;

/** What the run does to the reference backend that it started itself. */
export type HostCall =
  | { readonly kind: "defect"; readonly on: boolean; readonly order: DefectOrder }
  | { readonly kind: "process"; readonly up: boolean }
  | { readonly kind: "database"; readonly locked: boolean };

/** A defect of the reference backend, as its control API takes it. */
export interface DefectOrder {
  readonly name: string;
  readonly count?: number | undefined;
  readonly rate?: number | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export type TargetCall = HookCall | HostCall;

export function isHook(call: TargetCall): call is HookCall {
  return call.kind === "http" || call.kind === "exec";
}
