// How a trial intercepts traffic: wraps the wires and profile of one worker.
import type { Protocol } from "../../profiles/profile.js";
import type { Wire } from "../../session/services.js";
import type { Observer } from "../../session/turn/observer.js";
import type { HttpClient } from "../../wire/http/http.js";

/** Each receives the real one and returns its replacement. */
export interface Wiretap {
  http(inner: HttpClient): HttpClient;
  wire(inner: Wire): Wire;
  protocol(inner: Protocol): Protocol;
  observer(inner: Observer): Observer;
}
