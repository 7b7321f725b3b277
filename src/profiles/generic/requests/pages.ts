// One page of a history or a search in the requested order, from a service that may have its own order.
//
// If requests contain `{order}`, or the file describes the pages, the service is trusted. Otherwise the first page that
// reveals the service's order decides for all others.
import { nowUs } from "../../../support/clock.js";
import type { HttpAnswer } from "../../../wire/http/http.js";
import { failureOf, paged } from "../../failure.js";
import type { Answer, Failure, HistoryPage, Session } from "../../profile.js";
import type { Values } from "../language/template.js";
import type { GenericOptions } from "../schema/options.js";
import type { PageSpec } from "../schema/storage.js";
import type { Order } from "./own-order.js";
import { type compileCarrier, compileRequest, type OpenRequest } from "./requests.js";
import { compileOrder, compilePage, type Slice } from "./rows.js";

type Paged = Answer<{ readonly page: HistoryPage }>;
type Ask = (part: Slice) => Promise<HttpAnswer>;

export function pageOf(
  url: string,
  { history, search }: Pick<GenericOptions, "history" | "search">,
  send: (request: OpenRequest, values: Values, session: Session) => Promise<HttpAnswer>,
  carry: ReturnType<typeof compileCarrier>,
) {
  const compiled = (spec: GenericOptions["history"], source: PageSource | undefined) =>
    spec && source && { spec, source, request: compileRequest(url, spec.request, carry) };
  const pages = {
    history: compiled(history, history && sourceOf(history, history.request)),
    search: compiled(search, search && givenOrder(search)),
  };
  return async (
    what: "history" | "search",
    values: Values,
    slice: Slice,
    session: Session,
  ): Promise<Paged> => {
    const found = pages[what];
    if (!found) return nothing(`the profile knows no ${what}`);
    const { spec, source, request } = found;
    return source(slice, (part) =>
      send(request, { ...values, ...part, page: pageNumber(part), order: spec.orders[part.order] }, session),
    );
  };
}

type PageSource = (slice: Slice, ask: Ask) => Promise<Paged>;

function sourceOf(spec: PageSpec, request: unknown): PageSource {
  const uses = (placeholder: string): boolean => JSON.stringify(request).includes(placeholder);
  const byNumber = uses("{page}") && !uses("{offset}");
  if (spec.paging === "oldest-first") return ownOrdered(spec, byNumber, "asc");
  return spec.paging === "none" || uses("{order}") ? givenOrder(spec) : ownOrdered(spec, byNumber, undefined);
}

/** The service returns rows as requested. */
function givenOrder(spec: PageSpec): PageSource {
  const read = compilePage(spec);
  return async (slice, ask) => paged(await ask(slice), (body) => read(body, slice));
}

/**
 * The service has its own order.
 * @param byNumber its pages are requested by number, and start at multiples of their size
 * @param known its order, if the file says it
 */
function ownOrdered(spec: PageSpec, byNumber: boolean, known: Order | undefined): PageSource {
  const compiled = compilePage(spec);
  const orderIn = compileOrder(spec);
  let own = known;
  return async (slice, ask) => {
    const asListed = async (part: Slice) => {
      const answer = await ask(part);
      return { answer, read: paged(answer, (body) => compiled(body, { ...part, order: "asc" })) };
    };
    const direct = own === undefined || own === slice.order || spec.total.length === 0;
    const first = direct ? slice : { limit: 1, offset: 0, order: slice.order };
    const { answer, read } = await asListed(first);
    if (!read.ok) return read;
    const { rows, total } = read.page;
    const whole =
      first.offset === 0 && (total === undefined ? rows.length < first.limit : rows.length >= total);
    own ??= orderIn(answer.body, whole);
    if (own === undefined || own === slice.order) return read;
    if (whole && slice.offset === 0) return { ...read, page: { ...read.page, rows: rows.toReversed() } };
    if (total === undefined) return failureOf(answer, NO_TOTAL[own]);
    if (slice.offset >= total) return { ...read, page: { rows: [], total } };
    for (let size = slice.limit; ; ) {
      const wanted = mirrored({ ...slice, limit: size }, total);
      const part = byNumber ? numbered(wanted) : wanted;
      const turned = await asListed(part);
      if (!turned.read.ok) return turned.read;
      const { page } = turned.read;
      const from = wanted.offset - part.offset;
      const kept = page.rows.slice(from, from + wanted.limit).toReversed();
      // A service that returns smaller pages than requested starts them elsewhere: requests its own size instead.
      const short = kept.length < wanted.limit && from + kept.length < total - part.offset;
      if (!short) return { ...turned.read, page: { ...page, rows: kept } };
      if (size < slice.limit || page.rows.length === 0) return failureOf(turned.answer, TOO_SHORT);
      size = page.rows.length;
    }
  };
}

const TOO_SHORT = "fewer rows on a page than were asked for, so that the newest cannot be reached";
const NO_TOTAL = {
  asc: "no total in the answer, which lists the oldest first: only {order} or `total` leads to the newest",
  desc: "no total in the answer, which lists the newest first: only {order} or `total` leads to the oldest",
} as const satisfies Record<Order, string>;

/** Converts a page counted from one end for a service that counts from the other. */
function mirrored({ limit, offset, order }: Slice, total: number): Slice {
  const end = total - offset;
  const start = Math.max(0, end - limit);
  return { limit: end - start, offset: start, order };
}

/** The smallest numbered page that contains all of these rows, or many of them. */
function numbered(rows: Slice): Slice {
  const end = rows.offset + rows.limit;
  let { limit } = rows;
  const most = 20 * limit;
  while (limit < most && Math.ceil(end / limit) !== Math.floor(rows.offset / limit) + 1) limit++;
  return { ...rows, limit, offset: Math.floor(rows.offset / limit) * limit };
}

/** Pages count from 1. */
function pageNumber({ limit, offset }: Pick<Slice, "limit" | "offset">): number {
  return Math.floor(offset / Math.max(1, limit)) + 1;
}

export function nothing(message: string): Failure {
  return { ok: false, kind: "refused", status: 0, code: undefined, message, doneUs: nowUs() };
}
