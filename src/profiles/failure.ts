// Turns unexpected HTTP answers into failures for the caller.
import { defined } from "../support/defined.js";
import { jsonOrNothing } from "../support/json.js";
import type { HttpAnswer } from "../wire/http/http.js";
import { isRedirect, redirectName } from "../wire/http/request-name.js";
import { type Answer, type Failure, type HistoryPage, MAX_PAGE_ROWS } from "./profile.js";
import { errorWords } from "./values.js";

const SAID = 200;

/** @param otherwise what is wrong with a 2xx answer; empty if nothing is */
export function failureOf(answer: HttpAnswer, otherwise: string): Failure {
  const { status, code, doneUs, error, request, waitedUs } = answer;
  if (status === 0 || error !== undefined) {
    const kind = status === 0 ? "unreachable" : "broken";
    const message = error ?? "no answer";
    return { ok: false, kind, status, code, doneUs, request, message, ...defined({ waitedUs }) };
  }
  const said = saidIn(answer.body).slice(0, SAID);
  const url = request?.slice(request.indexOf(" ") + 1) ?? "";
  const redirect = isRedirect(status) ? `, ${redirectName(answer.header("location"), url)}` : "";
  const message = answer.ok ? otherwise : `HTTP ${status}${redirect}${said ? `: ${said}` : ""}`;
  const kind =
    status === 401 || status === 403 ? "auth" : status >= 400 && status < 500 ? "refused" : "broken";
  return { ok: false, kind, status, code, doneUs, request, message };
}

/** What comes of a request whose answer says nothing but whether it was done. */
export function doneBy(answer: HttpAnswer): Answer<object> {
  return answer.ok ? { ok: true, doneUs: answer.doneUs } : failureOf(answer, "");
}

/** The rows in an answer. @param read finds them in its body, or says what is wrong with it */
export function paged(
  answer: HttpAnswer,
  read: (body: string) => HistoryPage | string,
): Answer<{ readonly page: HistoryPage }> {
  const page = answer.ok ? read(answer.body) : "";
  return typeof page === "string" ? failureOf(answer, page) : { ok: true, doneUs: answer.doneUs, page };
}

/** Whether the target seems to be down: no connection, no answer, or no complete answer in time. */
export function isGone({ kind, code }: Failure): boolean {
  return kind === "unreachable" || code === "UND_ERR_BODY_TIMEOUT";
}

/** The fault of an answer with too many rows. */
export function tooManyRows(count: number): string {
  return `${count} rows in one answer, more than ${MAX_PAGE_ROWS}`;
}

/** The message in an error's body, from the usual places. */
function saidIn(body: string): string {
  return errorWords(jsonOrNothing(body)) ?? "";
}
