// Makes text safe inside XML and HTML.
import { replaceInvisible } from "../../support/json.js";

/**
 * Escapes the five special characters, and replaces what XML 1.0 cannot hold (most control characters, lone surrogates)
 * and what would hide or turn the text around it.
 */
export function escapeMarkup(text: string): string {
  return replaceInvisible(text)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
