// Where a trial listens in: wires and profile of one worker, wrapped on their way in.
import type { Protocol } from "../../profiles/profile.js";
import type { Wire } from "../../session/services.js";
import type { Observer } from "../../session/turn/surroundings.js";
import type { HttpClient } from "../../wire/http.js";

/** Each gets the real one and gives back what is to be used in its place. */
export interface Wiretap {
  http(inner: HttpClient): HttpClient;
  wire(inner: Wire): Wire;
  protocol(inner: Protocol): Protocol;
  observer(inner: Observer): Observer;
}
