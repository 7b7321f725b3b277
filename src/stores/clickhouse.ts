// Reads ClickHouse, from 18.16 on: read-only queries with literals instead of parameters, and a time limit.
import type { StoreSpec } from "../model/log/store.js";
import { optionalPackage } from "../support/optional-package.js";
import { tlsOf } from "../wire/tls-parameters.js";
import { faultOf, type StoreReader } from "./reader.js";
import { rowFrom } from "./row.js";
import { literalList, type SqlParameter, withParameter } from "./sql-text.js";

/** Ids per query: ClickHouse refuses queries beyond 256 KiB. */
const GROUP = 2000;
const CONNECTIONS = 6;

/** Connects on first use. Rejects (UserError) if the package is missing or a TLS file cannot be read. */
export async function openClickhouse(spec: StoreSpec): Promise<StoreReader> {
  const { createClient, ClickHouseLogLevel } = await optionalPackage(
    "@clickhouse/client",
    "the store clickhouse",
    () => import("@clickhouse/client"),
  );
  const { url, ca, cert, key } = tlsOf(spec.secretUrl);
  const timeoutMs = Math.ceil(spec.timeoutUs / 1000);
  const client = createClient({
    url,
    application: "gp-load",
    request_timeout: timeoutMs + 500,
    max_open_connections: CONNECTIONS,
    // 1 forbids writing and changing settings; the time limit is sent with the same request.
    clickhouse_settings: { readonly: "1", max_execution_time: Math.max(1, Math.ceil(timeoutMs / 1000)) },
    // Its own log would print queries.
    log: { level: ClickHouseLogLevel.OFF },
    ...(ca === undefined ? {} : { tls: tlsFiles(ca, cert, key) }),
  });
  const ask = async (query: string): Promise<readonly Record<string, unknown>[]> => {
    try {
      const answer = await client.query({ query, format: "JSONEachRow" });
      return await answer.json<Record<string, unknown>>();
    } catch (error) {
      throw faultOf(spec, error);
    }
  };
  const find = async (query: string, parameter: SqlParameter, ids: readonly string[], most: number) => {
    const rows: Record<string, unknown>[] = [];
    for (let at = 0; at < ids.length && rows.length <= most; at += GROUP) {
      const list = literalList(ids.slice(at, at + GROUP));
      const bounded = `SELECT * FROM (${withParameter(query, parameter, list)}) LIMIT ${most + 1 - rows.length}`;
      rows.push(...(await ask(bounded)));
    }
    return { rows: rows.slice(0, most).map((row) => rowFrom(row)), cut: rows.length > most };
  };
  const { byThread, byMessage } = spec;
  return {
    store: "clickhouse",
    byThreads: (ids, most) => find(byThread, "threads", ids, most),
    ...(byMessage === undefined
      ? {}
      : { byMessages: (ids: readonly string[], most: number) => find(byMessage, "messages", ids, most) }),
    close: () => client.close(),
  };
}

function tlsFiles(ca: string, cert: string | undefined, key: string | undefined) {
  const ca_cert = Buffer.from(ca);
  return cert && key ? { ca_cert, cert: Buffer.from(cert), key: Buffer.from(key) } : { ca_cert };
}
