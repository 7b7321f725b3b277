// Rows of a CSV text, each with its line.
import { CsvError, parse } from "csv-parse/sync";

/** Returns `false` to stop. */
export type TakeRow = (cells: readonly string[], line: number) => boolean;

/** Stops the parser. */
class Enough extends Error {}

/**
 * Passes on each row that is not empty, with the line where it ends, from 1.
 * @returns what is wrong with the first unreadable row, after which quoting is uncertain
 */
export function eachCsvRow(
  content: string,
  take: TakeRow,
): { readonly line: number; readonly message: string } | undefined {
  try {
    parse(content, {
      bom: true,
      recordDelimiter: ["\r\n", "\n"],
      relaxColumnCount: true,
      skipEmptyLines: true,
      onRecord: (cells: readonly string[], { lines }) => {
        if ((cells.length > 1 || cells[0]?.trim() !== "") && !take(cells, lines)) throw new Enough();
        return null;
      },
    });
  } catch (error) {
    if (error instanceof Enough) return undefined;
    if (!(error instanceof CsvError)) throw error;
    // The library's own message quotes the cell, which may be a password.
    return { line: Number(error.lines ?? 1), message: CSV_ERRORS[error.code] ?? "is not valid CSV" };
  }
  return undefined;
}

const CSV_ERRORS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is not closed",
  CSV_INVALID_CLOSING_QUOTE: "after a closing quote comes a comma, or the end of the line",
  INVALID_OPENING_QUOTE: "there is a quote inside a cell: quote the whole cell, and double the quotes in it",
};
